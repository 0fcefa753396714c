import type { StoredEvent } from '../internal/event.js';

/** A delivery row that this process has leased. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly attempts: number;
  readonly fence: number;
  readonly body: string | null;
}

/** An event row that this process has leased: it still has to be fanned out. */
export interface ClaimedEvent {
  readonly event: StoredEvent;
  readonly fence: number;
}

/** What one sweep brought. */
export interface Claim {
  readonly deliveries: readonly ClaimedDelivery[];
  readonly eventIds: readonly { readonly id: string; readonly fence: number }[];
  /** Milliseconds until the next row falls due; null when none waits. */
  readonly nextDueInMs: number | null;
}
