import { Injectable } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { EventNotFoundError } from '../errors/event-not-found-error.js';
import { MAX_LIMIT, QueryReader } from '../internal/query-reader.js';
import { ALL_TENANTS } from '../internal/tenants.js';
import type { ArchivedEvent } from '../storage/event-archive.store.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import { DeliveryReader } from './delivery-reader.service.js';
import { Erasures, type Erasure } from './erasures.service.js';
import type { EventQuery } from './event-query.js';
import { EventReader } from './event-reader.service.js';
import type { EventDetail, EventPage } from './event-view.js';
import { readEventQuery } from './read-event-query.js';
import { RetentionSweeper, type RetentionSweep } from './retention.sweeper.js';
import { showEvent } from './show-event.js';

/** The archive of events: find, look at, remove payloads and what is old. */
@Injectable()
export class EventsService {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly events: EventReader,
    private readonly deliveries: DeliveryReader,
    private readonly erasures: Erasures,
    private readonly retention: RetentionSweeper,
  ) {}

  /**
   * A page of events, newest first or in the order of their commits. A page may hold fewer than `limit`, even none, and
   * still have a `next`: the search ends after 10,000 rows, and goes on there. Test sends are not events.
   *
   * @throws QueryInvalidError
   * @example
   * ```ts
   * const missed = await events.list({ state: 'undelivered', since: '2026-03-01T00:00:00Z' });
   * ```
   */
  async list(query: EventQuery = {}, scope: TenantScope = {}): Promise<EventPage> {
    const { items, next } = await this.events.page(readEventQuery(query, scope, this.catalog));
    return { items: items.map(showEvent), next };
  }

  /** @throws EventNotFoundError also for another tenant's */
  async get(id: string, scope: TenantScope = {}): Promise<EventDetail> {
    const { tenant } = scope;
    const event = await this.find(id, tenant === undefined ? null : [tenant, ALL_TENANTS]);
    const { items } = await this.deliveries.list({ event: id, limit: MAX_LIMIT }, scope);
    return { ...showEvent(event), deliveries: items };
  }

  /**
   * Removes an event's payload for good: its data, the bodies of its deliveries, the requests and responses on record.
   * What remains tells that it was there. Open deliveries of it are canceled with `EVENT_EXPUNGED`.
   *
   * @throws EventNotFoundError also for another tenant's, and for one for all tenants when the scope has a tenant
   */
  async expunge(id: string, { tenant }: TenantScope = {}): Promise<Erasure> {
    return this.erasures.event(await this.find(id, tenant === undefined ? null : [tenant]));
  }

  /**
   * Expunges every event of a subject. It works in small steps: called again after an interruption, it goes on.
   *
   * @throws QueryInvalidError
   */
  async eraseSubject(subject: string, scope: TenantScope = {}): Promise<Erasure> {
    const reader = new QueryReader();
    const [text, tenant] = [reader.required('subject', subject), reader.tenant(scope.tenant)];
    reader.throwIfAny();
    return this.erasures.subject(text, tenant);
  }

  /** Removes what is older than the option `retention` says, now. Processes that send do it about once an hour by themselves. */
  sweepRetention(): Promise<RetentionSweep> {
    return this.retention.sweep();
  }

  private async find(id: string, tenants: readonly string[] | null): Promise<ArchivedEvent> {
    const event = await this.events.find(id);
    if (!event || (tenants !== null && !tenants.includes(event.tenant))) throw new EventNotFoundError(id);
    return event;
  }
}
