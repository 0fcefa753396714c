import type { Clock } from '../internal/clock.js';
import type { StoredEvent } from '../internal/event.js';
import type { Lifecycle } from '../subscriptions/lifecycle.service.js';
import type { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { WebhookTransport } from '../transport/webhook.transport.js';
import type { Version } from './admission.js';
import type { Attempter } from './attempter.js';
import type { Claim } from './claim.js';
import type { ClosingResult, EventClosing, FannedOut, Leased, Subject } from './delivery.js';
import type { WorkKinds } from './due-work.js';
import type { Marks } from './low-water.js';
import type { HealthRules, SubscriptionHealth } from './health.js';
import type { Observation } from './observer.js';
import type { RateParts } from './rate-limiter.js';
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
  readonly concurrencyPerTenant: number;
  readonly concurrencyPerSubscription: number;
  readonly window: number;
  /** Characters of the events in memory. */
  readonly windowBytes: number;
  /** How long a delivery is tried. */
  readonly life: number;
  readonly health: HealthRules;
  readonly sweepInterval: number;
  readonly drainTimeout: number;
}

/** What a claim need not bring. */
export interface Excluded {
  readonly subscriptions: readonly string[];
  readonly tenants: readonly string[];
  /** Of these nothing that is replayed. */
  readonly replaysTo: readonly string[];
  /** Nor what is due before these. */
  readonly before: Marks;
}

/** The statements that the dispatcher needs. */
export interface DispatchStore extends SettlementStore {
  claim(limit: number, leaseMs: number, excluded: Excluded, kinds: WorkKinds): Promise<Claim>;
  fanOut(
    closings: readonly EventClosing[],
    deliveries: readonly FannedOut[],
    subjects: readonly Subject[],
  ): Promise<{ results: ClosingResult[]; created: Set<string> }>;
  release(deliveries: readonly Leased[], events: readonly Leased[]): Promise<void>;
  renew(deliveries: readonly Leased[], events: readonly Leased[], leaseMs: number): Promise<Set<string>>;
  hold(deliveries: readonly Leased[]): Promise<void>;
}

/** What all processes have to know of each other beside the deliveries. */
export interface ControlParts extends Pick<RateParts, 'reserve'> {
  /** Health of the subscriptions that are not well. */
  health(): Promise<Map<string, SubscriptionHealth>>;
  /** What operators have stopped. */
  stops(): Promise<string[]>;
}

/** What the dispatcher works with. */
export interface DispatchParts {
  readonly store: DispatchStore;
  readonly events: { load(ids: readonly string[]): Promise<Map<string, StoredEvent>> };
  readonly index: SubscriptionIndex;
  readonly attempter: Attempter;
  readonly transport: WebhookTransport;
  readonly clock: Clock;
  readonly control: ControlParts;
  readonly wakeUp: { send(): void; listen(onWake: () => void): Promise<void>; close(): Promise<void> };
  readonly lifecycle: Lifecycle;
  readonly observation: Observation;
  /** Disables a subscription that is gone or does nothing but fail, unless it is another version by now. */
  disable(subscription: Version, reason: string): Promise<void>;
}
