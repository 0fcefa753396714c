import { Injectable } from '@nestjs/common';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { DeliveryConflictError } from '../errors/delivery-conflict-error.js';
import { DeliveryNotFoundError } from '../errors/delivery-not-found-error.js';
import { QueryReader } from '../internal/query-reader.js';
import { DeliveryControlStore } from '../storage/delivery-control.store.js';
import type { DeliveryRecord } from '../storage/delivery-record.js';
import { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import { TestQuota } from '../trials/test-quota.service.js';
import type { DeliveryQuery, ResendOptions } from './delivery-query.js';
import type { DeliveryStats, StatsQuery } from './delivery-stats.js';
import { DeliveryReader } from './delivery-reader.service.js';
import type { DeliveryDetail, DeliveryPage, DeliveryView } from './delivery-view.js';
import { showDelivery } from './show-delivery.js';
import { Statistics } from './statistics.service.js';

/** Single deliveries: look at one, send it again, cancel it. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly store: DeliveryControlStore,
    private readonly dispatcher: Dispatcher,
    private readonly index: SubscriptionIndex,
    private readonly reader: DeliveryReader,
    private readonly statistics: Statistics,
    private readonly tests: TestQuota,
  ) {}

  /** @throws DeliveryNotFoundError also for another tenant's */
  async get(id: string, scope: TenantScope = {}): Promise<DeliveryDetail> {
    return this.reader.detail(await this.find(id, scope), scope);
  }

  /**
   * A page of deliveries, newest event first. A page may hold fewer than `limit`, even none, and still have a `next`: the
   * search ends after 10,000 rows, and goes on there.
   *
   * @throws QueryInvalidError
   */
  list(query: DeliveryQuery = {}, scope: TenantScope = {}): Promise<DeliveryPage> {
    return this.reader.list(query, scope);
  }

  /**
   * Figures on what was published in a period: what became of it, how long attempts took, and what waits at this moment.
   *
   * @throws QueryInvalidError
   */
  stats(query: StatsQuery, scope: TenantScope = {}): Promise<DeliveryStats> {
    return this.statistics.of(query, scope);
  }

  /**
   * Sends a delivery again, whatever became of it, as the next attempt of the same delivery, then by its schedule from the
   * beginning. It goes out at once, also to a subscription that is left alone for a while. What goes out are the bytes of
   * its first attempt, or with `render: 'current'` what its subscription, as it is now, makes of the event.
   *
   * @throws QueryInvalidError
   * @throws DeliveryNotFoundError
   * @throws DeliveryConflictError when its subscription is not enabled, or its event was expunged
   * @throws RateLimitedError for a test send: it counts as another one
   */
  async resend(id: string, options: ResendOptions = {}, scope: TenantScope = {}): Promise<DeliveryView> {
    const rendersAnew = isCurrent(options);
    const { subscriptionId, eventId, tenant, isTest } = await this.find(id, scope);
    await this.checkSendable(id, subscriptionId);
    if (await this.reader.isExpunged(eventId)) throw new DeliveryConflictError(id, EXPUNGED);
    if (isTest) await this.tests.take(tenant);
    const reopened = await this.dispatcher.reopen((dueInMs, lifeMs) =>
      this.store.reopen(id, { dueInMs, lifeMs, rendersAnew }),
    );
    if (!reopened) throw new DeliveryNotFoundError(id);
    return showDelivery(reopened, scope);
  }

  /**
   * Gives an open delivery up. An attempt that is under way still arrives.
   *
   * @throws DeliveryNotFoundError
   * @throws DeliveryConflictError when it is not open
   */
  async cancel(id: string, scope: TenantScope = {}): Promise<DeliveryView> {
    const { state } = await this.find(id, scope);
    const canceled = await this.store.cancel(id);
    if (!canceled) throw new DeliveryConflictError(id, `is ${state}: only an open one can be canceled.`);
    this.dispatcher.drop(new Set([id]));
    if (canceled.released) this.dispatcher.released();
    return showDelivery(canceled.delivery, scope);
  }

  private async checkSendable(id: string, subscriptionId: string): Promise<void> {
    // Another process may have made, enabled or disabled it since this one looked.
    this.index.invalidate();
    const subscription = (await this.index.current()).byId(subscriptionId);
    if (subscription?.state === 'enabled') return;
    const state = subscription?.state ?? 'disabled or deleted';
    throw new DeliveryConflictError(id, `cannot be sent: its subscription is ${state}. Enable it first.`);
  }

  private async find(id: string, { tenant }: TenantScope): Promise<DeliveryRecord> {
    const record = await this.store.find(id);
    if (!record || (tenant !== undefined && record.tenant !== tenant)) throw new DeliveryNotFoundError(id);
    return record;
  }
}

const EXPUNGED = 'cannot be sent: the payload of its event was removed, and nothing can bring it back.';

function isCurrent({ render }: ResendOptions): boolean {
  const reader = new QueryReader();
  const isCurrent = reader.oneOf('render', render, ['stored', 'current']) === 'current';
  reader.throwIfAny();
  return isCurrent;
}
