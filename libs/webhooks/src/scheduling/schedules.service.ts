import { Injectable } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import type { Class } from '../catalog/event-class.js';
import { EventInvalidError } from '../errors/event-invalid-error.js';
import { EventTooLargeError } from '../errors/event-too-large-error.js';
import { withoutPrototype } from '../internal/without-prototype.js';
import { checkName, MAX_EVENT_BYTES } from '../publishing/event-draft.js';
import { EventWriter } from '../publishing/event-writer.service.js';
import { Transactions } from '../publishing/transactions.service.js';
import { ScheduleStore } from '../storage/schedule.store.js';
import type { NewSchedule, Schedule } from './schedule.js';
import type { ScheduleOptions, ScheduleQuery, ScheduleView } from './schedule-options.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** Sets, moves, takes back and shows schedules. Behind `WebhooksService`. */
@Injectable()
export class Schedules {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly transactions: Transactions,
    private readonly writer: EventWriter,
    private readonly store: ScheduleStore,
  ) {}

  async schedule(eventClass: Class, options: ScheduleOptions): Promise<boolean> {
    const { rearm = false, manager = this.transactions.current(), ...given } = withoutPrototype(options);
    const schedule = this.newSchedule(eventClass, given);
    return this.writer.alongside(manager, async (executor) => {
      const dueInMs = await this.store.schedule(executor, schedule, rearm);
      if (dueInMs !== undefined) this.writer.dueAfterCommit(manager, dueInMs);
      return dueInMs !== undefined;
    });
  }

  async unschedule(
    eventClass: Class,
    key: string,
    options: Pick<ScheduleOptions, 'manager'> = {},
  ): Promise<boolean> {
    const type = this.catalog.ofClass(eventClass).name;
    const manager = withoutPrototype(options).manager ?? this.transactions.current();
    return this.writer.alongside(manager, (executor) => this.store.unschedule(executor, { type, key }));
  }

  async find(query: ScheduleQuery): Promise<ScheduleView[]> {
    const { eventClass, key = null, subject = null, state = null, limit } = withoutPrototype(query);
    const type = eventClass ? this.catalog.ofClass(eventClass).name : null;
    const most = Math.min(MAX_LIMIT, Math.max(1, limit ?? DEFAULT_LIMIT));
    return (await this.store.find({ type, key, subject, state }, most)).map(viewOf);
  }

  private newSchedule(eventClass: Class, options: ScheduleOptions): NewSchedule {
    const { name: type } = this.catalog.ofClass(eventClass);
    const { key, subject = null, tenant = null } = options;
    checkName(type, 'key', key ?? '');
    checkName(type, 'subject', subject);
    checkName(type, 'tenant', tenant);
    return { type, key, subject, tenant, data: dataText(type, options.data), at: instant(type, options.at) };
  }
}

function dataText(type: string, data: unknown): string | null {
  const text = JSON.stringify(data ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLargeError(type, bytes, MAX_EVENT_BYTES);
  return text === 'null' ? null : text;
}

function instant(type: string, at: Date): number {
  const ms = at instanceof Date ? at.getTime() : NaN;
  if (Number.isNaN(ms)) throw new EventInvalidError(type, [{ path: 'at', message: 'is not a valid date' }]);
  return ms;
}

function viewOf({ type, at, lastError, eventId, ...schedule }: Schedule): ScheduleView {
  const { key, subject, tenant, state, attempts } = schedule;
  return {
    event_type: type,
    key,
    subject,
    tenant,
    state,
    at: new Date(at).toISOString(),
    attempts,
    last_error: lastError,
    event_id: eventId,
  };
}
