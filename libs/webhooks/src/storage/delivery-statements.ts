import type { Row, Statement } from './database.js';
import type { Sql } from './sql.js';

/** Input of {@link DeliveryStatements.claim}. */
export interface ClaimInput {
  readonly offset: number;
  readonly limit: number;
  readonly leaseMs: number;
  readonly excluded: readonly string[];
}

/** Input of {@link DeliveryStatements.settle}: rows by what happens to them. */
export interface SettleInput {
  readonly offset: number;
  readonly updates: readonly Row[];
  readonly inserts: readonly Row[];
  readonly attempts: readonly Row[];
  readonly closings: readonly Row[];
}

/** Input of {@link DeliveryStatements.lease}. */
export interface LeaseInput {
  readonly deliveries: readonly object[];
  readonly events: readonly object[];
}

/** What proves that a row is ours. */
export const LEASED = { id: 'text', fence: 'bigint' } as const;
/** An event to be closed. */
export const CLOSING = { id: 'text', fence: 'bigint', version: 'bigint' } as const;
const DELIVERY = {
  id: 'text',
  event_id: 'text',
  subscription_id: 'text',
  tenant: 'text',
  state: 'text',
} as const;
/** A delivery to be written before its first attempt. */
export const FAN_OUT = { ...DELIVERY, due_in: 'bigint', event_fence: 'bigint' } as const;
/** What became of a delivery. */
export const OUTCOME = {
  ...DELIVERY,
  fence: 'bigint',
  attempts: 'bigint',
  last_status: 'bigint',
  last_error: 'text',
  body: 'text',
  due_in: 'bigint',
} as const;
/** An attempt to be recorded. */
export const ATTEMPT = {
  delivery_id: 'text',
  number: 'bigint',
  started_at: 'bigint',
  duration_ms: 'bigint',
  status: 'bigint',
  error: 'text',
  detail: 'text',
  request: 'text',
  response_headers: 'text',
  response_body: 'text',
} as const;

/**
 * The dispatcher's hot statements. `$1` is always the clock's offset. Both dialects give rows of the same shape:
 * `{ kind, id, … }`. What they share stands here; what a dialect can do in one statement stands with the dialect.
 */
export abstract class DeliveryStatements {
  protected readonly now: string;
  protected readonly deliveries: string;
  protected readonly events: string;

  constructor(protected readonly sql: Sql) {
    this.now = sql.now('$1');
    this.deliveries = sql.table('deliveries');
    this.events = sql.table('events');
  }

  abstract claim(input: ClaimInput): Statement[];
  abstract fanOut(offset: number, closings: readonly Row[], deliveries: readonly Row[]): Statement[];
  abstract settle(input: SettleInput): Statement[];
  abstract lease(offset: number, leaseMs: number, rows: LeaseInput): Statement[];

  // The dispatcher knows active subscriptions only: one that is gone is told from one that sleeps here.
  hold(offset: number, deliveries: readonly object[]): Statement[] {
    const exists = `EXISTS (SELECT 1 FROM ${this.sql.table('subscriptions')} s WHERE s.id = t.subscription_id)`;
    const sql = `UPDATE ${this.deliveries} AS t SET
        state = CASE WHEN ${exists} THEN 'held' ELSE 'canceled' END, due_at = NULL, updated_at = ${this.now}
      FROM ${this.sql.rows('$2', LEASED)} WHERE t.id = r.id AND t.fence = r.fence`;
    return this.sql.forRows({ sql, columns: LEASED }, [offset], deliveries);
  }

  protected get version(): string {
    return `(SELECT value FROM ${this.sql.table('meta')} WHERE name = 'subscriptions')`;
  }

  // `due_at` moves into the future: that is the lease. The fence proves later that it is still the same one.
  protected claimRows(table: string, ids: string): string {
    return `UPDATE ${table} AS t SET due_at = ${this.now} + $3, fence = t.fence + 1 ${ids}`;
  }

  protected nextDue(table: string): string {
    return `(SELECT min(due_at) FROM ${table} WHERE due_at > ${this.now})`;
  }

  protected closeEvents(placeholder: string): string {
    return `UPDATE ${this.events} AS t SET due_at = NULL FROM ${this.sql.rows(placeholder, CLOSING)}
      WHERE t.id = r.id AND t.fence = r.fence AND t.due_at IS NOT NULL AND r.version = ${this.version}`;
  }

  protected insertFannedOut(placeholder: string, condition: string): string {
    return `INSERT INTO ${this.deliveries}
      (id, event_id, subscription_id, tenant, state, attempts, created_at, updated_at, due_at, fence)
      SELECT r.id, r.event_id, r.subscription_id, r.tenant, r.state, 0, ${this.now}, ${this.now}, ${this.now} + r.due_in, 1
      FROM ${this.sql.rows(placeholder, FAN_OUT)} WHERE ${condition}
      ON CONFLICT (event_id, subscription_id) DO NOTHING`;
  }

  // A subscription may be paused while its delivery is under way: then a retry waits with the others.
  protected updateSettled(placeholder: string): string {
    return `UPDATE ${this.deliveries} AS t SET
        state = CASE WHEN t.state = 'held' AND r.state = 'pending' THEN 'held' ELSE r.state END,
        due_at = CASE WHEN t.state = 'held' THEN NULL ELSE ${this.now} + r.due_in END,
        attempts = r.attempts, last_status = r.last_status, last_error = r.last_error,
        body = coalesce(r.body, t.body), updated_at = ${this.now}, fence = t.fence + 1
      FROM ${this.sql.rows(placeholder, OUTCOME)}
      WHERE t.id = r.id AND t.fence = r.fence AND t.state IN ('pending', 'held')`;
  }

  // Two processes may have sent the same event without a row between them: a success beats a failure.
  protected insertSettled(placeholder: string): string {
    return `INSERT INTO ${this.deliveries} AS t
      (id, event_id, subscription_id, tenant, state, attempts, last_status, last_error, body, created_at, updated_at, due_at, fence)
      SELECT r.id, r.event_id, r.subscription_id, r.tenant, r.state, r.attempts, r.last_status, r.last_error, r.body,
        ${this.now}, ${this.now}, ${this.now} + r.due_in, 1
      FROM ${this.sql.rows(placeholder, OUTCOME)} WHERE true
      ON CONFLICT (event_id, subscription_id) DO UPDATE SET state = excluded.state, due_at = NULL, attempts = excluded.attempts,
        last_status = excluded.last_status, last_error = NULL, updated_at = excluded.updated_at, fence = t.fence + 1
      WHERE excluded.state = 'succeeded' AND t.state <> 'succeeded'`;
  }

  protected insertAttempts(placeholder: string): string {
    const columns = Object.keys(ATTEMPT).join(', ');
    return `INSERT INTO ${this.sql.table('attempts')} (${columns})
      SELECT ${columns} FROM ${this.sql.rows(placeholder, ATTEMPT)}`;
  }

  protected leaseRows(table: string, placeholder: string): string {
    return `UPDATE ${table} AS t SET due_at = ${this.now} + $2 FROM ${this.sql.rows(placeholder, LEASED)}
      WHERE t.id = r.id AND t.fence = r.fence AND t.due_at IS NOT NULL`;
  }
}
