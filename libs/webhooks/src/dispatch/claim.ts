import type { Leased } from './delivery.js';

/** A delivery row that this process has leased. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly tenant: string;
  readonly attempts: number;
  readonly fence: number;
  readonly body: string | null;
}

/** What one sweep brought. */
export interface Claim {
  readonly deliveries: readonly ClaimedDelivery[];
  /** Events that still have to be fanned out. */
  readonly events: readonly Leased[];
  /** Milliseconds until the next row falls due; null when none waits. */
  readonly nextDueInMs: number | null;
  /** Version of the subscription set at that moment. */
  readonly subscriptionsVersion: number;
}
