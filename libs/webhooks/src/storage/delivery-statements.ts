import type { Row, Statement } from './database.js';
import { ATTEMPT, CLOSING, FAN_OUT, HEALTH, LEASED, OUTCOME } from './delivery-columns.js';
import type { DeliveryState } from '../dispatch/delivery.js';
import type { Excluded } from '../dispatch/dispatch-settings.js';
import type { WorkKinds } from '../dispatch/due-work.js';
import { WORK_TABLES } from '../dispatch/due-work.js';
import { OrderStatements } from './order-statements.js';
import type { Columns, Sql } from './sql.js';
import { firstDue } from './work-statements.js';

/** Input of {@link DeliveryStatements.claim}. */
export interface ClaimInput extends Excluded {
  readonly offset: number;
  readonly limit: number;
  readonly leaseMs: number;
  readonly kinds: WorkKinds;
}

/** Input of {@link DeliveryStatements.settle}: rows by what happens to them. */
export interface SettleInput {
  readonly offset: number;
  readonly updates: readonly Row[];
  readonly inserts: readonly Row[];
  readonly attempts: readonly Row[];
  readonly closings: readonly Row[];
  readonly health: readonly Row[];
  /** Subjects of which an ordered delivery may have become the first. */
  readonly subjects: readonly Row[];
}

/** Input of {@link DeliveryStatements.fanOut}. */
export interface FanOutInput {
  readonly offset: number;
  readonly closings: readonly Row[];
  readonly deliveries: readonly Row[];
  readonly subjects: readonly Row[];
}

/** Input of {@link DeliveryStatements.lease}. */
export interface LeaseInput {
  readonly deliveries: readonly object[];
  readonly events: readonly object[];
}

/** What goes first: new events, then what has failed before, then what somebody wants to see again. */
export const PRIORITY = { live: 0, retry: 1, replay: 2 } as const;

/** Of each 28 deliveries that a claim may bring, what each priority may take: none can starve another. */
const SHARES = [
  [PRIORITY.live, 20],
  [PRIORITY.retry, 5],
  [PRIORITY.replay, 2],
] as const;
const WHOLE = 28;

/** Where a claim's parameters stand: {@link DeliveryStatements.claimParams} gives them in this order. */
const CLAIM = {
  limit: '$2',
  leaseMs: '$3',
  subscriptions: '$4',
  tenants: '$5',
  /** By priority. */
  before: ['$6', '$7', '$8'],
  replaysTo: '$9',
  /** In the order of the tables. */
  kinds: ['$10', '$11'],
} as const;

// The plus keeps SQLite from going through all open rows by the index on `due_at`, when the rows are named by their ids.
const HAS_DUE = '+t.due_at IS NOT NULL';

/**
 * The dispatcher's hot statements. `$1` is always the clock's offset. Both dialects give rows of the same shape:
 * `{ kind, id, … }`. What they share stands here; what a dialect can do in one statement stands with the dialect.
 */
export abstract class DeliveryStatements {
  protected readonly now: string;
  protected readonly deliveries: string;
  protected readonly events: string;
  protected readonly order: OrderStatements;

  constructor(protected readonly sql: Sql) {
    this.order = new OrderStatements(sql);
    this.now = sql.now('$1');
    this.deliveries = sql.table('deliveries');
    this.events = sql.table('events');
  }

  abstract claim(input: ClaimInput): Statement[];
  abstract fanOut(input: FanOutInput): Statement[];
  abstract settle(input: SettleInput): Statement[];
  abstract lease(offset: number, leaseMs: number, rows: LeaseInput): Statement[];

  // The dispatcher knows active subscriptions only: one that is gone is told from one that sleeps here, and from one that was
  // resumed a moment ago. Of an event that somebody has deleted nothing can be sent.
  hold(offset: number, deliveries: readonly object[]): Statement[] {
    const state = this.subscriptionState('t');
    const isOrphan = `NOT EXISTS (SELECT 1 FROM ${this.events} e WHERE e.id = t.event_id)`;
    const wish = `CASE WHEN ${isOrphan} THEN 'orphan' ELSE coalesce(${state}, 'gone') END`;
    const sql = `UPDATE ${this.deliveries} AS t SET
        state = CASE ${wish} WHEN 'orphan' THEN 'failed' WHEN 'gone' THEN 'canceled' WHEN 'enabled' THEN 'pending' ELSE 'held' END,
        last_error = CASE WHEN ${isOrphan} THEN 'EVENT_MISSING' ELSE t.last_error END,
        held_by = ${state}, due_at = CASE ${wish} WHEN 'enabled' THEN ${this.now} END, updated_at = ${this.now}
      FROM ${this.sql.rows('$2', LEASED)} WHERE t.id = r.id AND t.fence = r.fence`;
    return this.sql.forRows({ sql, columns: LEASED }, [offset], deliveries);
  }

  // Locked: a row that is held unseen by a `resume` that is not committed yet would stay so for ever.
  protected subscriptionState(of: 't' | 'r', condition = ''): string {
    const lock = this.sql.dialect === 'postgres' ? 'FOR SHARE' : '';
    return `(SELECT s.state FROM ${this.sql.table('subscriptions')} s WHERE s.id = ${of}.subscription_id ${condition} ${lock})`;
  }

  /** Rows with the state of their subscription as `held_by`, where they are of this state and it does not take any. */
  protected rowsToHold(placeholder: string, columns: Columns, state: DeliveryState): string {
    const heldBy = `CASE WHEN r.state = '${state}' THEN ${this.subscriptionState('r', `AND s.state <> 'enabled'`)} END`;
    return `(SELECT r.*, ${heldBy} AS held_by FROM ${this.sql.rows(placeholder, columns)}) AS r`;
  }

  protected get version(): string {
    return `(SELECT value FROM ${this.sql.table('meta')} WHERE name = 'subscriptions')`;
  }

  // `due_at` moves into the future: that is the lease. The fence proves later that it is still the same one.
  protected claimRows(table: string, ids: string): string {
    return `UPDATE ${table} AS t SET due_at = ${this.now} + ${CLAIM.leaseMs}, fence = t.fence + 1 ${ids}`;
  }

  /** A list of due deliveries for each priority. */
  protected dueDeliveries(): { readonly name: string; readonly select: string; readonly limit: string }[] {
    const leftOut = (priority: number): string =>
      this.sql.list(priority === PRIORITY.replay ? CLAIM.replaysTo : CLAIM.subscriptions);
    return SHARES.map(([priority, part]) => ({
      name: `due_${priority}`,
      select: `SELECT id, due_at FROM ${this.deliveries}
        WHERE priority = ${priority} AND due_at >= ${CLAIM.before[priority]} AND due_at <= ${this.now}
          AND subscription_id NOT IN ${leftOut(priority)} AND tenant NOT IN ${this.sql.list(CLAIM.tenants)}
        ORDER BY due_at, id`,
      limit: `LIMIT CAST((${CLAIM.limit} * ${part} + ${WHOLE - 1}) / ${WHOLE} AS bigint)`,
    }));
  }

  protected get dueEvents(): string {
    return `SELECT id FROM ${this.events} WHERE due_at <= ${this.now} ORDER BY due_at, id LIMIT ${CLAIM.limit}`;
  }

  protected nextDue(): string[] {
    const after = `due_at > ${this.now}`;
    return [
      `(SELECT min(due_at) FROM ${this.events} WHERE ${after})`,
      ...SHARES.map(
        ([priority]) =>
          `(SELECT min(due_at) FROM ${this.deliveries} WHERE priority = ${priority} AND ${after})`,
      ),
    ];
  }

  /** When other work falls due, by its table. */
  protected workDue(): { readonly table: string; readonly dueIn: string }[] {
    return WORK_TABLES.map((table, index) => {
      const due = firstDue(this.sql, table, CLAIM.kinds[index]!);
      return { table, dueIn: `${due} - ${this.now}` };
    });
  }

  /** The parameters of a claim, the same ones on both databases. */
  protected claimParams(input: ClaimInput): unknown[] {
    const { offset, limit, leaseMs, subscriptions, tenants, replaysTo, before, kinds } = input;
    const works = WORK_TABLES.map((table) => list(kinds[table]));
    return [offset, limit, leaseMs, list(subscriptions), list(tenants), ...before, list(replaysTo), ...works];
  }

  /** Scopes that operators have stopped, as one text with line feeds. */
  protected get stops(): string {
    return `(SELECT ${this.sql.joined('scope')} FROM ${this.sql.table('stops')})`;
  }

  protected closeEvents(placeholder: string): string {
    return `UPDATE ${this.events} AS t SET due_at = NULL FROM ${this.sql.rows(placeholder, CLOSING)}
      WHERE t.id = r.id AND t.fence = r.fence AND ${HAS_DUE} AND r.version = ${this.version}`;
  }

  protected insertFannedOut(placeholder: string, condition: string): string {
    const isResumed = `r.state = 'held' AND r.held_by IS NULL`;
    return `INSERT INTO ${this.deliveries}
      (id, event_id, subscription_id, tenant, state, held_by, priority, attempts, step, subject, sequence,
        created_at, updated_at, expires_at, due_at, fence)
      SELECT r.id, r.event_id, r.subscription_id, r.tenant, CASE WHEN ${isResumed} THEN 'pending' ELSE r.state END, r.held_by,
        ${PRIORITY.live}, 0, 0, r.subject, r.sequence, ${this.now}, ${this.now}, ${this.now} + r.expires_in,
        CASE WHEN ${isResumed} THEN ${this.now} ELSE ${this.now} + r.due_in END, 1
      FROM ${this.rowsToHold(placeholder, FAN_OUT, 'held')} WHERE ${condition}
      ON CONFLICT (event_id, subscription_id) DO NOTHING`;
  }

  // A subscription may be paused while its delivery is under way: then a retry waits with the others.
  protected updateSettled(placeholder: string): string {
    return `UPDATE ${this.deliveries} AS t SET
        state = CASE WHEN t.state = 'held' AND r.state = 'pending' THEN 'held' ELSE r.state END,
        due_at = CASE WHEN t.state = 'held' THEN NULL ELSE ${this.now} + r.due_in END,
        priority = CASE WHEN t.priority = ${PRIORITY.live} AND r.attempts > 0 THEN ${PRIORITY.retry} ELSE t.priority END,
        last_status = CASE WHEN r.attempts > t.attempts THEN r.last_status ELSE t.last_status END,
        last_error = CASE WHEN r.attempts > t.attempts THEN r.last_error ELSE t.last_error END,
        attempts = r.attempts, step = r.step,
        body = coalesce(r.body, t.body), updated_at = ${this.now}, fence = t.fence + 1
      FROM ${this.sql.rows(placeholder, OUTCOME)}
      WHERE t.id = r.id AND t.fence = r.fence AND t.state IN ('pending', 'held')`;
  }

  // Two processes may have sent the same event without a row between them: a success beats a failure. Nor could a row be held
  // when the subscription was paused or disabled meanwhile: it is held from the beginning.
  protected insertSettled(placeholder: string): string {
    return `INSERT INTO ${this.deliveries} AS t
      (id, event_id, subscription_id, tenant, state, held_by, priority, attempts, step, last_status, last_error, body,
        created_at, updated_at, expires_at, due_at, fence)
      SELECT r.id, r.event_id, r.subscription_id, r.tenant, CASE WHEN r.held_by IS NULL THEN r.state ELSE 'held' END, r.held_by,
        CASE WHEN r.attempts > 0 THEN ${PRIORITY.retry} ELSE ${PRIORITY.live} END, r.attempts, r.step,
        r.last_status, r.last_error, r.body, ${this.now}, ${this.now}, ${this.now} + r.expires_in,
        CASE WHEN r.held_by IS NULL THEN ${this.now} + r.due_in END, 1
      FROM ${this.rowsToHold(placeholder, OUTCOME, 'pending')} WHERE true
      ON CONFLICT (event_id, subscription_id) DO UPDATE SET state = excluded.state, due_at = NULL, attempts = excluded.attempts,
        last_status = excluded.last_status, last_error = NULL, updated_at = excluded.updated_at, fence = t.fence + 1
      WHERE excluded.state = 'succeeded' AND t.state <> 'succeeded'`;
  }

  protected upsertHealth(placeholder: string): string {
    const columns = Object.keys(HEALTH);
    const changed = columns.slice(1).map((column) => `${column} = excluded.${column}`);
    return `INSERT INTO ${this.sql.table('health')} (${columns.join(', ')})
      SELECT ${columns.join(', ')} FROM ${this.sql.rows(placeholder, HEALTH)} WHERE true
      ON CONFLICT (subscription_id) DO UPDATE SET ${changed.join(', ')}`;
  }

  protected insertAttempts(placeholder: string): string {
    const columns = Object.keys(ATTEMPT).join(', ');
    return `INSERT INTO ${this.sql.table('attempts')} (${columns})
      SELECT ${columns} FROM ${this.sql.rows(placeholder, ATTEMPT)}`;
  }

  protected leaseRows(table: string, placeholder: string): string {
    return `UPDATE ${table} AS t SET due_at = ${this.now} + $2 FROM ${this.sql.rows(placeholder, LEASED)}
      WHERE t.id = r.id AND t.fence = r.fence AND ${HAS_DUE}`;
  }
}

function list(ids: readonly string[]): string {
  return JSON.stringify(ids);
}
