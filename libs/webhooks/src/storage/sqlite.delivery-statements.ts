import type { Row, Statement } from './database.js';
import type { ClaimInput, LeaseInput, SettleInput } from './delivery-statements.js';
import { DeliveryStatements } from './delivery-statements.js';
import type { Sql } from './sql.js';

/** A few statements each, run in one synchronous transaction: SQLite's `WITH` cannot change tables. */
export class SqliteDeliveryStatements extends DeliveryStatements {
  private readonly claimSql: readonly string[];
  private readonly fanOutSql: readonly string[];
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
  }

  claim({ offset, limit, leaseMs, excluded }: ClaimInput): Statement[] {
    const params = [offset, limit, leaseMs, JSON.stringify(excluded)];
    return this.claimSql.map((sql) => ({ sql, params }));
  }

  fanOut(offset: number, closings: readonly Row[], deliveries: readonly Row[]): Statement[] {
    const params = [offset, JSON.stringify(closings), JSON.stringify(deliveries)];
    return this.fanOutSql.map((sql) => ({ sql, params }));
  }

  settle({ offset, updates, inserts, attempts, closings }: SettleInput): Statement[] {
    const write = (sql: string, rows: readonly Row[]): Statement[] =>
      rows.length === 0 ? [] : [{ sql, params: [offset, JSON.stringify(rows)] }];
    return [
      ...write(this.updateSettled('$2'), updates),
      ...write(this.insertSettled('$2'), inserts),
      ...write(this.insertAttempts('$2'), attempts),
      ...write(`${this.closeEvents('$2')} RETURNING 'closed' AS kind, id`, closings),
      { sql: this.versionSql, params: [] },
    ];
  }

  lease(offset: number, leaseMs: number, { deliveries, events }: LeaseInput): Statement[] {
    return [
      {
        sql: `${this.leaseRows(this.deliveries, '$3')} RETURNING id`,
        params: [offset, leaseMs, JSON.stringify(deliveries)],
      },
      {
        sql: `${this.leaseRows(this.events, '$3')} RETURNING id`,
        params: [offset, leaseMs, JSON.stringify(events)],
      },
    ];
  }

  private buildClaim(): string[] {
    const due = (table: string, condition: string): string =>
      `WHERE t.id IN (SELECT id FROM ${table} WHERE due_at <= ${this.now} ${condition} ORDER BY due_at, id LIMIT $2)`;
    const excluded = `AND subscription_id NOT IN ${this.sql.list('$4')}`;
    return [
      `${this.claimRows(this.deliveries, due(this.deliveries, excluded))}
        RETURNING 'delivery' AS kind, id, event_id, subscription_id, tenant, attempts, fence, body`,
      `${this.claimRows(this.events, due(this.events, ''))} RETURNING 'event' AS kind, id, fence`,
      `SELECT 'next' AS kind, '' AS id, min(due) - ${this.now} AS fence FROM
        (SELECT ${this.nextDue(this.deliveries)} AS due UNION ALL SELECT ${this.nextDue(this.events)})`,
    ];
  }
}
