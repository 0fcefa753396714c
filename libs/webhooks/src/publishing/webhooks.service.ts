import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Class } from '../catalog/event-class.js';
import { DispatchControl } from '../dispatch/dispatch-control.service.js';
import { withoutPrototype } from '../internal/without-prototype.js';
import type { ScheduleOptions, ScheduleQuery, ScheduleView } from '../scheduling/schedule-options.js';
import { Schedules } from '../scheduling/schedules.service.js';
import { BridgedEmits } from './bridged-emits.js';
import { EventDrafts } from './event-drafts.service.js';
import { EventWriter } from './event-writer.service.js';
import type { Publication, PublishedEvent, PublishOptions } from './publish-options.js';
import type { StopScope } from './stop-scope.js';
import { scopeText } from './stop-scope.js';
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
    private readonly drafts: EventDrafts,
    private readonly transactions: Transactions,
    private readonly writer: EventWriter,
    private readonly schedules: Schedules,
    private readonly dispatch: DispatchControl,
    private readonly emits: BridgedEmits,
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
    const given = withoutPrototype(options);
    const draft = this.drafts.draft(event, given);
    const manager = given.manager ?? this.transactions.current();
    return manager ? this.writer.inTransaction(draft, manager) : this.writer.onItsOwn(draft);
  }

  /**
   * Writes several events, all of them or none: in the transaction that the caller is in, otherwise in one of its own.
   *
   * @param publications events, or events together with how each is published
   * @throws what {@link publish} throws, for the first that cannot be published
   */
  async publishMany(
    publications: readonly (object | Publication)[],
    options: Pick<PublishOptions, 'manager'> = {},
  ): Promise<PublishedEvent[]> {
    const drafts = publications.map((each) => this.drafts.fromPublication(each));
    const writeAll = async (inside: EntityManager): Promise<PublishedEvent[]> => {
      const published: PublishedEvent[] = [];
      for (const draft of drafts) published.push(await this.writer.inTransaction(draft, inside));
      return published;
    };
    const current = withoutPrototype(options).manager ?? this.transactions.current();
    if (current) return writeAll(current);
    return drafts.length === 0 ? [] : this.transactions.run(writeAll);
  }

  /**
   * Runs work in a transaction of the module's data source: with the host's own (`dataSource`) it is where business rows and
   * events go together. Safe on every driver: on SQLite, whose one connection TypeORM shares among all callers, transactions
   * take turns. A call inside of another one is a savepoint.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.transactions.run(work);
  }

  /**
   * Publishes an event at a later instant: one that the method with `@BuildsWebhook(eventClass)` builds then, as things are
   * then. Joins the transaction that the caller is in, as {@link publish} does. The same key again moves what is there, unless its event is
   * published already: then nothing happens, so that it can be called with every change.
   *
   * @returns whether it will fire; false: the key has fired, and `rearm` was not given
   * @throws EventInvalidError (a key, subject, tenant or instant that cannot be stored), EventTooLargeError, UnknownEventTypeError,
   *   PublishOutsideTransactionError, PublishInsideForeignTransactionError; nothing is written then
   * @example
   * await this.webhooks.transaction(async (manager) => {
   *   await manager.save(order);
   *   await this.webhooks.schedule(OrderStarted, { key: order.id, at: order.firstDeparture, tenant: order.consumerId });
   * });
   */
  schedule(eventClass: Class, options: ScheduleOptions): Promise<boolean> {
    return this.schedules.schedule(eventClass, options);
  }

  /**
   * Takes back what {@link schedule} set. Joins the transaction that the caller is in.
   *
   * @returns false when there is nothing to take back: never scheduled, or fired already
   * @throws UnknownEventTypeError, PublishOutsideTransactionError, PublishInsideForeignTransactionError
   */
  unschedule(
    eventClass: Class,
    key: string,
    options: Pick<ScheduleOptions, 'manager'> = {},
  ): Promise<boolean> {
    return this.schedules.unschedule(eventClass, key, options);
  }

  /** What is scheduled and what became of it, by event type and key; `{ state: 'failed' }` is what somebody should look at. */
  scheduled(query: ScheduleQuery = {}): Promise<ScheduleView[]> {
    return this.schedules.find(query);
  }

  /**
   * Sends everything that is due now and resolves when the outcomes are on record. What mappers make of domain events that were
   * emitted before is among it. For tests and jobs.
   */
  async drain(): Promise<void> {
    await this.emits.stored();
    return this.dispatch.drain();
  }

  /**
   * The operator's switch: no attempt is begun for this scope in any process (other processes learn of it within
   * seconds), until {@link startDeliveries} says so. Events are still published, and their deliveries wait.
   */
  stopDeliveries(scope: StopScope = {}): Promise<void> {
    return this.dispatch.setStop(scopeText(scope), true);
  }

  /** Ends what {@link stopDeliveries} began, for exactly the same scope. */
  startDeliveries(scope: StopScope = {}): Promise<void> {
    return this.dispatch.setStop(scopeText(scope), false);
  }
}
