/** Which deliveries to count, in which steps. */
export interface StatsQuery {
  /** Of events published at this instant or later: ISO 8601 or a `Date`. */
  readonly since: string | Date;
  /** Of events published before this instant: ISO 8601 or a `Date`. @default now */
  readonly until?: string | Date | undefined;
  /** At most 1,440 of them. @default 'hour' */
  readonly bucket?: 'minute' | 'hour' | 'day' | undefined;
  /** Id of a subscription. @default all */
  readonly subscription?: string | undefined;
}

/** What became of deliveries. */
export interface DeliveryCounts {
  readonly succeeded: number;
  readonly exhausted: number;
  readonly failed: number;
  readonly canceled: number;
  /** Still to be sent: `pending`, `held` and `waiting`. */
  readonly open: number;
  /** Attempts that were made. */
  readonly attempts: number;
  /** Attempts that were no success. */
  readonly failed_attempts: number;
  /** Of those that are over and not canceled, from 0 to 1; null: none is. */
  readonly success_rate: number | null;
  /**
   * Durations of the attempts in milliseconds, to two digits; null: there was none. With a tenant in the scope, of those that
   * reached their target.
   */
  readonly latency_ms: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

/** The counts of one step; steps in which nothing was published are left out. */
export interface StatsBucket extends DeliveryCounts {
  /** ISO 8601: where the step begins (UTC). */
  readonly at: string;
}

/** What waits at this moment, whenever it was published. Numbers end at 10,000: so many or more. */
export interface Backlog {
  readonly pending: number;
  readonly held: number;
  /** Ordered deliveries that wait for an earlier one. */
  readonly waiting: number;
  /** ISO 8601: when the oldest pending one's event was published; null: none is. */
  readonly oldest_pending_at: string | null;
}

/** The figures of one subscription. */
export interface SubscriptionStats {
  readonly subscription_id: string;
  readonly total: DeliveryCounts;
  readonly buckets: readonly StatsBucket[];
  readonly backlog: Backlog;
}

/** Figures over all subscriptions, and of each. Test sends are not in them. */
export interface DeliveryStats {
  /** ISO 8601. Later than asked when `complete` is false. */
  readonly since: string;
  /** ISO 8601. */
  readonly until: string;
  /** False: there were more than 100,000 deliveries, and the figures are those of the newest, from `since` on. */
  readonly complete: boolean;
  readonly total: DeliveryCounts;
  readonly buckets: readonly StatsBucket[];
  readonly backlog: Backlog;
  readonly subscriptions: readonly SubscriptionStats[];
}
