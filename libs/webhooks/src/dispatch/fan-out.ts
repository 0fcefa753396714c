import type { Clock } from '../internal/clock.js';
import type { StoredEvent } from '../internal/event.js';
import { deliveryId } from '../internal/ids.js';
import type { ActiveSet } from '../subscriptions/active-set.js';
import type { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { Delivery, EventClosing, FannedOut, Leased } from './delivery.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { DispatchStore } from './dispatch-settings.js';
import type { Settler } from './settler.js';

/** An event that this process has leased. */
export interface LeasedEvent {
  readonly event: StoredEvent;
  readonly fence: number;
  /** Monotonic milliseconds at which the lease was taken. */
  readonly leasedAt: number;
}

/** What the fan-out works with. */
export interface FanOutParts {
  readonly index: SubscriptionIndex;
  readonly store: Pick<DispatchStore, 'fanOut'>;
  readonly queue: DeliveryQueue;
  readonly settler: Settler;
  readonly clock: Clock;
}

/** An event whose deliveries are under way before there are rows for them. */
interface OpenEvent extends LeasedEvent {
  leasedAt: number;
  readonly version: number;
  remaining: number;
}

const LAZY_MATCHES = 8;

/**
 * Turns an event into deliveries. Fresh events with few matches are *lazy*: sent first, and their rows are written with
 * the outcome; the event's own lease covers them. Everything else gets its rows first.
 */
export class FanOut {
  private readonly open = new Map<string, OpenEvent>();

  constructor(
    private readonly parts: FanOutParts,
    private readonly leaseMs: number,
  ) {}

  /** An event that was committed by this process a moment ago. */
  async fresh(leased: LeasedEvent): Promise<void> {
    const set = this.parts.index.latest;
    const { event } = leased;
    const matches = set?.matching(event.tenant, event.type, event.createdAt);
    if (!set || !matches || !this.canBeLazy(matches)) return this.rowsFirst(leased);
    if (matches.length === 0) return this.parts.settler.close(closing(leased, set));
    this.open.set(event.id, { ...leased, version: set.version, remaining: matches.length });
    this.parts.queue.push(matches.map((subscription) => lazyDelivery(leased, subscription)));
  }

  /** An event that was left behind, or whose subscriptions changed: writes the rows that are missing, then sends those. */
  async rowsFirst(leased: LeasedEvent): Promise<void> {
    const set = await this.parts.index.current();
    const { event } = leased;
    const matches = set.matching(event.tenant, event.type, event.createdAt);
    const leasedAt = this.parts.clock.monotonic();
    const rows = matches.map((subscription) => this.row(leased, subscription));
    const { result, created } = await this.parts.store.fanOut(closing(leased, set), rows, this.leaseMs);
    if (result === 'stale') {
      this.parts.index.invalidate();
      return this.rowsFirst(leased);
    }
    const mine = rows.filter((row) => row.as === 'leased' && created.has(row.id));
    this.parts.queue.push(mine.map((row) => leasedDelivery(event, row, leasedAt)));
  }

  /** A lazy delivery is over; with the last one the event is done. */
  settled(delivery: Delivery): void {
    const open = this.open.get(delivery.event.id);
    if (!open || delivery.fence !== null || --open.remaining > 0) return;
    this.open.delete(delivery.event.id);
    this.parts.settler.close({
      eventId: open.event.id,
      fence: open.fence,
      subscriptionsVersion: open.version,
    });
  }

  /** The lease that covers a lazy delivery; undefined once it was given up. */
  leaseOf(delivery: Delivery): OpenEvent | undefined {
    return this.open.get(delivery.event.id);
  }

  /** Forgets an event: its lease is gone or will be given back. */
  abandon(eventId: string): void {
    this.open.delete(eventId);
  }

  /** Events that are not fully sent, forgotten herewith. */
  abandonAll(): Leased[] {
    const rest = [...this.open.values()].map(({ event, fence }) => ({ id: event.id, fence }));
    this.open.clear();
    return rest;
  }

  private canBeLazy(matches: readonly Subscription[]): boolean {
    if (matches.length > LAZY_MATCHES || this.parts.queue.room < matches.length) return false;
    return matches.every(({ id, state }) => state === 'enabled' && !this.parts.queue.isSaturated(id));
  }

  private row({ event }: LeasedEvent, subscription: Subscription): FannedOut {
    const busy = this.parts.queue.isSaturated(subscription.id) || this.parts.queue.room === 0;
    return {
      id: deliveryId(event.id, subscription.id),
      eventId: event.id,
      subscriptionId: subscription.id,
      tenant: subscription.tenant,
      as: subscription.state === 'paused' ? 'held' : busy ? 'due' : 'leased',
    };
  }
}

function closing({ event, fence }: LeasedEvent, set: ActiveSet): EventClosing {
  return { eventId: event.id, fence, subscriptionsVersion: set.version };
}

function lazyDelivery({ event, leasedAt }: LeasedEvent, subscription: Subscription): Delivery {
  return {
    id: deliveryId(event.id, subscription.id),
    event,
    subscriptionId: subscription.id,
    tenant: subscription.tenant,
    attempts: 0,
    fence: null,
    body: null,
    leasedAt,
  };
}

function leasedDelivery(event: StoredEvent, row: FannedOut, leasedAt: number): Delivery {
  const { id, subscriptionId, tenant } = row;
  return { id, event, subscriptionId, tenant, attempts: 0, fence: 1, body: null, leasedAt };
}
