import { Injectable } from '@nestjs/common';
import { EventNotFoundError } from '../errors/event-not-found-error.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import type { EventQuery } from './event-query.js';
import type { EventDetail, EventPage } from './event-view.js';

/** What an erasure has reached. */
export interface Erasure {
  readonly events: number;
  readonly deliveries: number;
  readonly attempts: number;
}

/** What a retention sweep has removed. */
export interface RetentionSweep {
  /** Rows that were deleted. */
  readonly events: number;
  readonly deliveries: number;
  readonly attempts: number;
  /** Events whose payload was expunged. */
  readonly payloads: number;
}

/** The archive of events: find, look at, remove payloads and what is old. */
@Injectable()
export class EventsService {
  /**
   * A page of events, newest first or in the order of their commits. A page may hold fewer than `limit`, even none, and
   * still have a `next`: the search ends after 10,000 rows, and goes on there. Test sends are not events.
   *
   * @throws QueryInvalidError
   */
  async list(_query: EventQuery = {}, _scope: TenantScope = {}): Promise<EventPage> {
    return { items: [], next: null };
  }

  /** @throws EventNotFoundError also for another tenant's */
  async get(id: string, _scope: TenantScope = {}): Promise<EventDetail> {
    throw new EventNotFoundError(id);
  }

  /**
   * Removes an event's payload for good: its data, the bodies of its deliveries, the requests and responses on record.
   * What remains tells that it was there. Open deliveries of it are canceled with `EVENT_EXPUNGED`.
   *
   * @throws EventNotFoundError also for another tenant's, and for one for all tenants when the scope has a tenant
   */
  async expunge(id: string, _scope: TenantScope = {}): Promise<Erasure> {
    throw new EventNotFoundError(id);
  }

  /**
   * Expunges every event of a subject. It works in small steps: called again after an interruption, it goes on.
   *
   * @throws QueryInvalidError
   */
  async eraseSubject(_subject: string, _scope: TenantScope = {}): Promise<Erasure> {
    return { events: 0, deliveries: 0, attempts: 0 };
  }

  /** Removes what is older than the option `retention` says, now. Processes that send do it about once an hour by themselves. */
  async sweepRetention(): Promise<RetentionSweep> {
    return { events: 0, deliveries: 0, attempts: 0, payloads: 0 };
  }
}
