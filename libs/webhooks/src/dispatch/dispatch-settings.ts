import type { Clock } from '../internal/clock.js';
import type { StoredEvent } from '../internal/event.js';
import type { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { WebhookTransport } from '../transport/webhook.transport.js';
import type { Attempter } from './attempter.js';
import type { Claim } from './claim.js';
import type { FannedOut, ClosingResult, EventClosing, Leased } from './delivery.js';
import type { SettlementStore } from './settler.js';

/** How the dispatcher works. Times in milliseconds. */
export interface DispatchSettings {
  /** Whether this process sends at all. */
  readonly enabled: boolean;
  readonly timeout: number;
  readonly lease: number;
  /** A delivery is leased again when less than `timeout` + this is left of its lease. */
  readonly leaseMargin: number;
  readonly concurrency: number;
  readonly concurrencyPerSubscription: number;
  readonly window: number;
  readonly sweepInterval: number;
  readonly drainTimeout: number;
}

/** The statements that the dispatcher needs. */
export interface DispatchStore extends SettlementStore {
  claim(limit: number, leaseMs: number, excludedSubscriptions: readonly string[]): Promise<Claim>;
  fanOut(
    closings: readonly EventClosing[],
    deliveries: readonly FannedOut[],
    leaseMs: number,
  ): Promise<{ results: ClosingResult[]; created: Set<string> }>;
  release(deliveries: readonly Leased[], events: readonly Leased[]): Promise<void>;
  renew(deliveries: readonly Leased[], events: readonly Leased[], leaseMs: number): Promise<Set<string>>;
  hold(deliveries: readonly Leased[]): Promise<void>;
}

/** What the dispatcher works with. */
export interface DispatchParts {
  readonly store: DispatchStore;
  readonly events: { load(ids: readonly string[]): Promise<Map<string, StoredEvent>> };
  readonly index: SubscriptionIndex;
  readonly attempter: Attempter;
  readonly transport: WebhookTransport;
  readonly clock: Clock;
}
