/** `paused`: deliveries are kept until it is resumed. `disabled`: nothing new is written for it. */
export type SubscriptionState = 'enabled' | 'paused' | 'disabled';

/** A row of the table `subscriptions`, secrets encrypted. */
export interface SubscriptionRecord {
  readonly id: string;
  readonly tenant: string;
  readonly uid: string | null;
  readonly state: SubscriptionState;
  readonly stateReason: string | null;
  /** JSON: array of texts. */
  readonly eventTypes: string;
  /** JSON: the `http_request`, its `header` as one encrypted text; a URL with a token is masked, and encrypted as `sealed_url`. */
  readonly httpRequest: string;
  /** JSON: object of texts, each encrypted. */
  readonly templateSecrets: string;
  /** JSON, encrypted as one text; null: none. */
  readonly authentication: string | null;
  /** JSON: array of texts. */
  readonly signatures: string;
  /** JSON: array of paths; null sends every field. */
  readonly fields: string | null;
  /** JSON: the content filter; null lets every event pass. */
  readonly filter: string | null;
  /** `subject`: one event of a subject after the other; null: as they come. */
  readonly ordering: 'subject' | null;
  /** JSON: array of `{ id, secret, created_at, not_after }`, each `secret` encrypted. */
  readonly secrets: string;
  readonly description: string | null;
  /** JSON: object of texts. */
  readonly metadata: string;
  /** JSON. */
  readonly limits: string;
  /** Grows with every write. */
  readonly version: number;
  /** Epoch milliseconds of the database. */
  readonly createdAt: number;
  /** Epoch milliseconds of the database. */
  readonly updatedAt: number;
}

/** What is written when a row is made; the database adds the rest. */
export type NewSubscriptionRecord = Omit<SubscriptionRecord, 'version' | 'createdAt' | 'updatedAt'>;

/** A change of state, and what becomes of the open deliveries. */
export interface StateChange {
  readonly to: SubscriptionState;
  readonly reason: string | null;
  /** `hold`: those that wait are put aside; `release`: those put aside are due at once. */
  readonly deliveries: 'hold' | 'release' | 'leave';
}
