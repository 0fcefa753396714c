import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CatalogError } from '../errors/catalog-error.js';
import { Clock } from '../internal/clock.js';
import { Transactions } from '../publishing/transactions.service.js';
import { WebhooksService } from '../publishing/webhooks.service.js';
import { Database } from '../storage/database.js';
import { ScheduleStore } from '../storage/schedule.store.js';
import type { ClaimedSchedule } from './schedule.js';
import { ScheduleMoved } from './schedule-outcome.js';
import type { WebhookBuilder } from './webhook-builders.explorer.js';

/** On SQLite a builder keeps every other transaction waiting. */
const BUILD_TIMEOUT_MS = 30_000;

/** Turns a leased schedule into its event: built, published and closed in one transaction, or none of it. */
@Injectable()
export class ScheduledPublisher {
  constructor(
    private readonly transactions: Transactions,
    private readonly webhooks: WebhooksService,
    private readonly database: Database,
    private readonly store: ScheduleStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ScheduleMoved; whatever the builder, the catalog or the database throws */
  publish(schedule: ClaimedSchedule, builder: WebhookBuilder): Promise<void> {
    // The sweep may have been woken from inside of a transaction of the host.
    return this.transactions.outside(() =>
      this.transactions.run(async (manager) => {
        const event = await this.build(schedule, builder, manager);
        const eventId = event && (await this.publishAsOf(schedule, event, manager));
        const state = eventId === null ? 'dropped' : 'fired';
        // Last, so that its lock is held for a moment only: the host's transactions may move this schedule meanwhile.
        const isClosed = await this.store.close(this.database.within(manager), schedule, state, eventId);
        if (!isClosed) throw new ScheduleMoved(builder.name);
      }),
    );
  }

  private async publishAsOf(
    { tenant, subject, at }: ClaimedSchedule,
    event: object,
    manager: EntityManager,
  ): Promise<string> {
    const given = { ...(tenant !== null && { tenant }), ...(subject !== null && { subject }) };
    const { id } = await this.webhooks.publish(event, { manager, occurredAt: new Date(at), ...given });
    return id;
  }

  private async build(
    { key, subject, tenant, data, at, attempts }: ClaimedSchedule,
    { name, eventClass, build }: WebhookBuilder,
    manager: EntityManager,
  ): Promise<object | null> {
    const parsed: unknown = data === null ? null : JSON.parse(data);
    const context = { key, at: new Date(at), tenant, data: parsed, attempt: attempts };
    const event = await this.inTime(name, async () => build(subject ?? key, manager, context));
    if (event === null || event instanceof eventClass) return event;
    throw new CatalogError(
      `${name} built ${typeof event} instead of ${eventClass.name}: return the event, or null when it is no longer true.`,
    );
  }

  private async inTime<T>(name: string, work: () => Promise<T>): Promise<T> {
    let giveUp: (error: Error) => void;
    const late = new Promise<never>((_, reject) => (giveUp = reject));
    const timer = this.clock.after(BUILD_TIMEOUT_MS, () =>
      giveUp(new Error(`${name} took longer than ${BUILD_TIMEOUT_MS} ms`)),
    );
    return Promise.race([work(), late]).finally(() => timer.cancel());
  }
}
