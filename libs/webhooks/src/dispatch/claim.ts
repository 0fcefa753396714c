import type { Leased } from './delivery.js';
import type { WorkDue } from './due-work.js';
import type { Marks } from './low-water.js';

/** A delivery row that this process has leased. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly tenant: string;
  readonly attempts: number;
  readonly step: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly fence: number;
  readonly body: string | null;
  readonly isReplay: boolean;
}

/** What one sweep brought. */
export interface Claim {
  readonly deliveries: readonly ClaimedDelivery[];
  /** Events that still have to be fanned out. */
  readonly events: readonly Leased[];
  /** What operators have stopped. */
  readonly stops: readonly string[];
  /** Version of the subscription set. */
  readonly subscriptionsVersion: number;
  /** Milliseconds until the next row falls due; null when none waits. */
  readonly nextDueInMs: number | null;
  /** When other work falls due. */
  readonly workDueInMs: WorkDue;
  /** By priority, what was due first of what it might bring, or else now: epoch milliseconds of the database. */
  readonly first: Marks;
}
