import type { StoredEvent } from '../internal/event.js';

/**
 * Where a delivery stands. Open: `pending` (has a next due time), `held` (its subscription is paused or disabled),
 * `waiting` (an earlier one of its subject comes first).
 * Closed: `succeeded`, `exhausted` (the schedule ran out: dead letter), `failed` (it can never be sent), `canceled`.
 */
export type DeliveryState =
  'pending' | 'held' | 'waiting' | 'succeeded' | 'exhausted' | 'failed' | 'canceled';

/** One event for one subscription, in this process's hands: leased. */
export interface Delivery {
  readonly id: string;
  readonly event: StoredEvent;
  readonly subscriptionId: string;
  /** The subscription's tenant: an event for all tenants has none of its own. */
  readonly tenant: string;
  /** Attempts made before this one. */
  readonly attempts: number;
  /** Place in the retry schedule: attempts that were charged to it. */
  readonly step: number;
  /** Epoch milliseconds after which it is not tried again. */
  readonly expiresAt: number;
  /** Fencing token of the row's lease; null while there is no row and the event's own lease covers it. */
  readonly fence: number | null;
  /** The body as first rendered; null when there is none yet, or when it is the standard envelope. */
  readonly body: string | null;
  /** Monotonic milliseconds at which the lease was taken. */
  readonly leasedAt: number;
  /** Somebody asked for it by hand: it goes out although its subscription may be left alone. */
  readonly manual: boolean;
  /** It repeats what is over: whatever is new goes first. */
  readonly isReplay: boolean;
}

/** One HTTP request, or the reason why there could be none. */
export interface Attempt {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: string | null;
  /** For operators only. */
  readonly detail: string | null;
  /** The request as sent, secrets masked, as JSON text: method, url, headers. */
  readonly request: string;
  /** As JSON text. */
  readonly responseHeaders: string | null;
  readonly responseBody: string | null;
}

/** What to record of an attempt, or of putting a delivery off without one. */
export interface Settlement {
  readonly delivery: Delivery;
  readonly state: DeliveryState;
  /** Milliseconds until the next attempt; null when there is none. */
  readonly retryInMs: number | null;
  /** Place in the schedule from now on. */
  readonly step: number;
  /** Null: it was put off. */
  readonly attempt: Attempt | null;
  /** The rendered body, to be sent again as it is; null when it is the standard envelope. */
  readonly body: string | null;
}

/** An event whose deliveries are all on record. */
export interface EventClosing {
  readonly eventId: string;
  readonly fence: number;
  /** Version of the subscription set that its matches were taken from. */
  readonly subscriptionsVersion: number;
}

/** What became of a closing: `stale` means that subscriptions changed meanwhile, `lost` that another process took over. */
export type ClosingResult = 'closed' | 'stale' | 'lost';

/** A row of ours and the fencing token that proves it. */
export interface Leased {
  readonly id: string;
  readonly fence: number;
}

/** A delivery row to be written before its first attempt. Times in milliseconds. */
export interface FannedOut {
  readonly id: string;
  readonly eventId: string;
  readonly eventFence: number;
  readonly subscriptionId: string;
  readonly tenant: string;
  readonly state: DeliveryState;
  /** When it may be taken: a lease for those that this process sends now, 0 for whoever has room, null for nobody yet. */
  readonly dueInMs: number | null;
  readonly lifeMs: number;
  /** Only of ordered deliveries. */
  readonly subject: string | null;
  readonly sequence: number | null;
}

/** What ordered deliveries are in order of. */
export interface Subject {
  /** The event's tenant. */
  readonly tenant: string;
  readonly subject: string;
}
