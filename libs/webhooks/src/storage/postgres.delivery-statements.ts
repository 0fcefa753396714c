import type { Statement } from './database.js';
import type { ClaimInput, FanOutInput, LeaseInput, SettleInput } from './delivery-statements.js';
import { DeliveryStatements } from './delivery-statements.js';
import type { Sql } from './sql.js';

const SETTLED = ['updates', 'inserts', 'attempts', 'closings', 'health'] as const;
type SettledRows = (typeof SETTLED)[number];

const NO_ROW = 'NULL, NULL, NULL, NULL, NULL::bigint, NULL::bigint, NULL::bigint';

/** One statement each: PostgreSQL changes several tables in one `WITH`. */
export class PostgresDeliveryStatements extends DeliveryStatements {
  private readonly claimSql: string;
  private readonly fanOutSql: string;
  private readonly settleSql = new Map<string, string>();
  private readonly leaseSql: string;

  constructor(sql: Sql) {
    super(sql);
    this.claimSql = this.buildClaim();
    this.fanOutSql = `WITH closed AS (${this.closeEvents('$2')} RETURNING t.id),
      created AS (${this.insertFannedOut('$3', 'r.event_id IN (SELECT id FROM closed)')} RETURNING id)
      SELECT 'delivery' AS kind, id, NULL::bigint AS fence FROM created
      UNION ALL SELECT 'closed', id, NULL FROM closed
      UNION ALL SELECT 'version', '', ${this.version}`;
    this.leaseSql = `WITH d AS (${this.leaseRows(this.deliveries, '$3')} RETURNING t.id),
      e AS (${this.leaseRows(this.events, '$4')} RETURNING t.id)
      SELECT id FROM d UNION ALL SELECT id FROM e`;
  }

  claim(input: ClaimInput): Statement[] {
    return [{ sql: this.claimSql, params: this.claimParams(input) }];
  }

  fanOut({ offset, closings, deliveries, subjects }: FanOutInput): Statement[] {
    const params = [offset, JSON.stringify(closings), JSON.stringify(deliveries)];
    return this.order.around(offset, [{ sql: this.fanOutSql, params }], subjects);
  }

  settle({ offset, subjects, ...lists }: SettleInput): Statement[] {
    const given = SETTLED.filter((name) => lists[name].length > 0);
    const params = [offset, ...given.map((name) => JSON.stringify(lists[name]))];
    return this.order.around(offset, [{ sql: this.settleSqlFor(given), params }], subjects);
  }

  lease(offset: number, leaseMs: number, { deliveries, events }: LeaseInput): Statement[] {
    const params = [offset, leaseMs, JSON.stringify(deliveries), JSON.stringify(events)];
    return [{ sql: this.leaseSql, params }];
  }

  // Only what there are rows for: planning all five takes the server a millisecond, and a batch seldom has more than three.
  private settleSqlFor(given: readonly SettledRows[]): string {
    const key = given.join();
    const known = this.settleSql.get(key);
    if (known !== undefined) return known;
    const writes = given.map((name, index) => `${name} AS (${this.settleRows(name, `$${index + 2}`)})`);
    const closed = given.includes('closings') ? `UNION ALL SELECT 'closed', id, NULL FROM closings` : '';
    // A parameter that nothing uses would have no type.
    const sql = `${writes.length > 0 ? `WITH ${writes.join(', ')}` : ''}
      SELECT 'version' AS kind, '' AS id, ${this.version} AS fence WHERE $1::bigint IS NOT NULL ${closed}`;
    this.settleSql.set(key, sql);
    return sql;
  }

  private settleRows(name: SettledRows, placeholder: string): string {
    const writes = {
      updates: () => `${this.updateSettled(placeholder)} RETURNING 1`,
      inserts: () => `${this.insertSettled(placeholder)} RETURNING 1`,
      attempts: () => `${this.insertAttempts(placeholder)} RETURNING 1`,
      closings: () => `${this.closeEvents(placeholder)} RETURNING t.id`,
      health: () => `${this.upsertHealth(placeholder)} RETURNING 1`,
    };
    return writes[name]();
  }

  // MATERIALIZED: with `IN (SELECT … LIMIT)` the planner may run the locking part twice and lease more than asked for.
  private buildClaim(): string {
    const locked = (select: string): string => `MATERIALIZED (${select} FOR UPDATE SKIP LOCKED)`;
    const due = this.dueDeliveries();
    const first = due.map(
      ({ name }) =>
        `UNION ALL SELECT 'first', '', (SELECT coalesce(min(due_at), ${this.now}) FROM ${name}), ${NO_ROW}, NULL`,
    );
    const works = this.workDue().map(
      ({ table, dueIn }) => `UNION ALL SELECT '${table}', '', ${dueIn}, ${NO_ROW}, NULL`,
    );
    return `WITH ${due.map(({ name, select, limit }) => `${name} AS ${locked(`${select} ${limit}`)}`).join(', ')},
      due_events AS ${locked(this.dueEvents)},
      due AS (${due.map(({ name }) => `SELECT id FROM ${name}`).join(' UNION ALL ')}),
      d AS (${this.claimRows(this.deliveries, 'FROM due c WHERE t.id = c.id')} RETURNING t.*),
      e AS (${this.claimRows(this.events, 'FROM due_events c WHERE t.id = c.id')} RETURNING t.id, t.fence)
      SELECT 'delivery' AS kind, id, fence, event_id, subscription_id, tenant, body, attempts, step, priority, expires_at FROM d
      UNION ALL SELECT 'event', id, fence, ${NO_ROW}, NULL::bigint FROM e
      ${first.join(' ')}
      UNION ALL SELECT 'next', '', least(${this.nextDue().join(', ')}) - ${this.now}, ${NO_ROW}, NULL
      ${works.join(' ')}
      UNION ALL SELECT 'version', '', ${this.version}, ${NO_ROW}, NULL
      UNION ALL SELECT 'stops', ${this.stops}, NULL, ${NO_ROW}, NULL`;
  }
}
