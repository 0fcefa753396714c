/** One process's right to handle one message. */
export interface Claim {
  /** The route and the sender: a message to two routes is two messages. */
  readonly scope: string;
  /** `webhook-id`. */
  readonly id: string;
  /** Differs for every request: whose claim it is. */
  readonly token: string;
}

/** What became of the wish to handle a message. */
export type ClaimOutcome =
  | { readonly state: 'taken' }
  /** Another request is handling it; its claim ends in so many milliseconds, unless it is extended. */
  | { readonly state: 'running'; readonly endsInMs: number }
  | { readonly state: 'done' };

/**
 * Remembers which messages are being handled and which were. The steps are atomic among all processes that share the
 * store. What has passed its time counts as never seen.
 */
export abstract class ReplayStore {
  /** Takes the message for `leaseMs`, unless somebody holds it or has handled it. */
  abstract claim(claim: Claim, leaseMs: number): Promise<ClaimOutcome>;

  /** Holds the message for another `leaseMs` from now; false when the claim is somebody else's by now. */
  abstract extend(claim: Claim, leaseMs: number): Promise<boolean>;

  /** Remembers for `rememberMs` that it was handled; false when the claim is somebody else's by now. */
  abstract complete(claim: Claim, rememberMs: number): Promise<boolean>;

  /** Gives the message back: the next attempt may handle it. */
  abstract release(claim: Claim): Promise<void>;

  /** Called once when the application starts; rejects when the store cannot work. */
  async open(): Promise<void> {}
}
