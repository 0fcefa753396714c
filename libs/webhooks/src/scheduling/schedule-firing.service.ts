import type { OnModuleInit } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import type { DueWork } from '../dispatch/due-work.js';
import { Clock } from '../internal/clock.js';
import { ScheduleStore } from '../storage/schedule.store.js';
import { Lifecycle } from '../subscriptions/lifecycle.service.js';
import { ScheduledPublisher } from './scheduled-publisher.service.js';
import type { ClaimedSchedule } from './schedule.js';
import { waitAfter } from './schedule.js';
import { isFinal } from './schedule-outcome.js';
import { WebhookBuilders } from './webhook-builders.explorer.js';

/** Of what has been due for days, so many at a time: deliveries and other processes have their turn in between. */
const BATCH = 50;
/** Longer than a builder may take; what waits in a batch for longer than half of it is given back. */
const LEASE_MS = 60_000;

/** Fires the schedules of the types that this process has builders for, when the sweep finds them due. */
@Injectable()
export class ScheduleFiring implements DueWork, OnModuleInit {
  readonly table = 'schedules';
  private limit = BATCH;
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly builders: WebhookBuilders,
    private readonly store: ScheduleStore,
    private readonly publisher: ScheduledPublisher,
    private readonly dispatcher: Dispatcher,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {}

  get kinds(): readonly string[] {
    return this.builders.types;
  }

  onModuleInit(): void {
    this.builders.explore();
    if (this.kinds.length > 0) this.dispatcher.watch(this);
  }

  async run(signal: AbortSignal): Promise<number> {
    const due = await this.store.claim(this.kinds, this.limit, LEASE_MS);
    const leasedAt = this.clock.monotonic();
    const together = upToSuspect(due);
    this.limit = due.some(isSuspect) ? 1 : BATCH;
    // First: what ends the process may cost none of these a try.
    await this.store.release(due.slice(together.length));
    for (const [index, schedule] of together.entries()) {
      const isLate = this.clock.monotonic() - leasedAt > LEASE_MS / 2;
      if (signal.aborted || isLate) {
        await this.store.release(together.slice(index));
        break;
      }
      await this.fire(schedule);
    }
    return due.length;
  }

  private async fire(schedule: ClaimedSchedule): Promise<void> {
    // Counted before it begins: a builder that takes the process down has its number of tries, too.
    if (waitAfter(schedule.attempts - 1) === undefined)
      return this.giveUp(schedule, schedule.lastError ?? 'The process ended in the middle of every try.');
    try {
      await this.publisher.publish(schedule, this.builders.of(schedule.type)!);
    } catch (error) {
      await this.putOff(schedule, error);
    }
  }

  // Only what is still ours: one that was moved or taken meanwhile is left as it is.
  private async putOff(schedule: ClaimedSchedule, error: unknown): Promise<void> {
    const wait = isFinal(error) ? undefined : waitAfter(schedule.attempts);
    if (wait === undefined) return this.giveUp(schedule, String(error));
    if (!(await this.store.putOff(schedule, String(error), wait))) return;
    const { type, key, attempts } = schedule;
    this.logger.warn(
      `Schedule ${type} "${key}" failed (try ${attempts}), again in ${wait} ms: ${String(error)}`,
    );
  }

  private async giveUp(schedule: ClaimedSchedule, error: string): Promise<void> {
    if (!(await this.store.putOff(schedule, error, null))) return;
    const { type: eventType, key, tenant, subject, attempts } = schedule;
    this.logger.error(`Schedule ${eventType} "${key}" is given up after try ${attempts}: ${error}`);
    this.lifecycle.tell('webhooks.schedule.failed', { eventType, key, tenant, subject, attempts, error });
  }
}

/** A process ended in the middle of its last try, or of that of one that was leased with it. */
function isSuspect({ attempts, lastError }: ClaimedSchedule): boolean {
  return attempts > 1 && lastError === null;
}

/** What is fired of those that are leased: up to the first suspect, and that alone. */
function upToSuspect(due: readonly ClaimedSchedule[]): readonly ClaimedSchedule[] {
  const suspect = due.findIndex(isSuspect);
  return suspect < 0 ? due : due.slice(0, Math.max(1, suspect));
}
