import type { Row, Statement } from './database.js';
import type { ClaimInput, FanOutInput, LeaseInput, SettleInput } from './delivery-statements.js';
import { DeliveryStatements } from './delivery-statements.js';
import type { Sql } from './sql.js';

/** A few statements each, run in one synchronous transaction: SQLite's `WITH` cannot change tables. */
export class SqliteDeliveryStatements extends DeliveryStatements {
  private readonly claimSql: readonly string[];
  private readonly fanOutSql: readonly string[];
  private readonly settleSql: Readonly<Record<'updates' | 'inserts' | 'attempts' | 'closings' | 'health', string>>;
  private readonly leaseSql: readonly [string, string];
  private readonly versionSql: string;

  constructor(sql: Sql) {
    super(sql);
    this.versionSql = `SELECT 'version' AS kind, '' AS id, ${this.version} AS fence`;
    this.claimSql = this.buildClaim();
    const closed = `EXISTS (SELECT 1 FROM ${this.events} e
      WHERE e.id = r.event_id AND e.fence = r.event_fence AND e.due_at IS NULL)`;
    this.fanOutSql = [
      `${this.closeEvents('$2')} RETURNING 'closed' AS kind, id`,
      `${this.insertFannedOut('$3', closed)} RETURNING 'delivery' AS kind, id`,
      this.versionSql,
    ];
    this.settleSql = {
      updates: this.updateSettled('$2'),
      inserts: this.insertSettled('$2'),
      attempts: this.insertAttempts('$2'),
      closings: `${this.closeEvents('$2')} RETURNING 'closed' AS kind, id`,
      health: this.upsertHealth('$2'),
    };
    this.leaseSql = [
      `${this.leaseRows(this.deliveries, '$3')} RETURNING id`,
      `${this.leaseRows(this.events, '$3')} RETURNING id`,
    ];
  }

  claim(input: ClaimInput): Statement[] {
    const { offset, limit, leaseMs, excludedSubscriptions, excludedTenants } = input;
    const lists = [excludedSubscriptions, excludedTenants].map((ids) => JSON.stringify(ids));
    const params = [offset, limit, leaseMs, ...lists];
    return this.claimSql.map((sql) => ({ sql, params }));
  }

  fanOut({ offset, closings, deliveries, subjects }: FanOutInput): Statement[] {
    const params = [offset, JSON.stringify(closings), JSON.stringify(deliveries)];
    const write = this.fanOutSql.map((sql) => ({ sql, params }));
    return subjects.length === 0 ? write : [...write, this.releaseOrdered(offset, subjects)];
  }

  settle({ offset, subjects, ...lists }: SettleInput): Statement[] {
    const names = ['updates', 'inserts', 'attempts', 'closings', 'health'] as const;
    const writes = names
      .filter((name) => lists[name].length > 0)
      .map((name) => ({ sql: this.settleSql[name], params: [offset, JSON.stringify(lists[name])] }));
    const release = subjects.length === 0 ? [] : [this.releaseOrdered(offset, subjects)];
    return [...writes, ...release, { sql: this.versionSql, params: [] }];
  }

  lease(offset: number, leaseMs: number, { deliveries, events }: LeaseInput): Statement[] {
    return [deliveries, events].map((rows, index) => ({
      sql: this.leaseSql[index]!,
      params: [offset, leaseMs, JSON.stringify(rows)],
    }));
  }

  private buildClaim(): string[] {
    const events = `SELECT id FROM ${this.events} WHERE due_at <= ${this.now} ORDER BY due_at, id LIMIT $2`;
    const columns = 'id, fence, event_id, subscription_id, tenant, body, attempts, step, expires_at';
    return [
      ...this.dueDeliveries().map(
        ([, due]) => `${this.claimRows(this.deliveries, `WHERE t.id IN (${due})`)} RETURNING 'delivery' AS kind, ${columns}`,
      ),
      `${this.claimRows(this.events, `WHERE t.id IN (${events})`)} RETURNING 'event' AS kind, id, fence`,
      `SELECT 'next' AS kind, '' AS id, min(due) - ${this.now} AS fence
        FROM (${this.nextDue().map((due) => `SELECT ${due} AS due`).join(' UNION ALL ')})`,
      this.versionSql,
      `SELECT 'stops' AS kind, ${this.stops} AS id`,
    ];
  }
}
