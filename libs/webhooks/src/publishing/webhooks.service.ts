import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { TenantRequiredError } from '../errors/tenant-required-error.js';
import { Clock } from '../internal/clock.js';
import { newId } from '../internal/ids.js';
import { DEFAULT_TENANT } from '../internal/tenants.js';
import { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import { draftOf } from './event-draft.js';
import { EventWriter } from './event-writer.service.js';
import type { PublishedEvent, PublishOptions } from './publish-options.js';
import { Transactions } from './transactions.service.js';

/**
 * Publishes events.
 *
 * @example
 * await this.webhooks.transaction(async (manager) => {
 *   await manager.save(order);
 *   await this.webhooks.publish(OrderTicketed.of(order), { tenant: order.consumerId });
 * });
 */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly index: SubscriptionIndex,
    private readonly transactions: Transactions,
    private readonly writer: EventWriter,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes an event. Inside a transaction (`options.manager`, {@link transaction}, or the option `currentManager`) it commits or
   * vanishes with it; outside of any, the promise resolves when the event is durable.
   *
   * @param event an instance of a class that is registered with `WebhooksModule.forFeature`
   * @throws EventInvalidError, EventTooLargeError, UnknownEventTypeError, TenantRequiredError, IdempotencyConflictError,
   *   PublishOutsideTransactionError, PublishInsideForeignTransactionError; nothing is written then
   */
  async publish(event: object, options: PublishOptions = {}): Promise<PublishedEvent> {
    const type = this.catalog.of(event);
    const tenant = options.tenant ?? type.tenantOf(event) ?? this.onlyTenant(type.name);
    const draft = draftOf(event, type, { id: newId('evt', this.clock.now()), tenant, options });
    const manager = options.manager ?? this.transactions.current();
    return manager ? this.writer.inTransaction(draft, manager) : this.writer.onItsOwn(draft);
  }

  /**
   * Runs work in a transaction of the module's data source: with the host's own (`dataSource`) it is where business rows and
   * events go together. Safe on every driver: on SQLite, whose one connection TypeORM shares among all callers, transactions
   * take turns. A call inside of another one is a savepoint.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.transactions.run(work);
  }

  /** Sends everything that is due now and resolves when the outcomes are on record. For tests and jobs. */
  drain(): Promise<void> {
    return this.dispatcher.drain();
  }

  private onlyTenant(eventType: string): string {
    if (this.index.hasTenants) throw new TenantRequiredError(eventType);
    return DEFAULT_TENANT;
  }
}
