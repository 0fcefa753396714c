import type { Row, Statement } from './database.js';
import type { ClaimInput, LeaseInput, SettleInput } from './delivery-statements.js';
import { DeliveryStatements } from './delivery-statements.js';
import type { Sql } from './sql.js';

/** One statement each: PostgreSQL changes several tables in one `WITH`. */
export class PostgresDeliveryStatements extends DeliveryStatements {
  private readonly claimSql: string;
  private readonly fanOutSql: string;
  private readonly settleSql: string;
  private readonly leaseSql: string;

  constructor(sql: Sql) {
    super(sql);
    this.claimSql = this.buildClaim();
    this.fanOutSql = `WITH closed AS (${this.closeEvents('$2')} RETURNING t.id),
      created AS (${this.insertFannedOut('$3', 'r.event_id IN (SELECT id FROM closed)')} RETURNING id)
      SELECT 'delivery' AS kind, id, NULL::bigint AS fence FROM created
      UNION ALL SELECT 'closed', id, NULL FROM closed
      UNION ALL SELECT 'version', '', ${this.version}`;
    this.settleSql = `WITH updated AS (${this.updateSettled('$2')} RETURNING 1),
      inserted AS (${this.insertSettled('$3')} RETURNING 1),
      attempted AS (${this.insertAttempts('$4')} RETURNING 1),
      closed AS (${this.closeEvents('$5')} RETURNING t.id)
      SELECT 'closed' AS kind, id, NULL::bigint AS fence FROM closed
      UNION ALL SELECT 'version', '', ${this.version}`;
    this.leaseSql = `WITH d AS (${this.leaseRows(this.deliveries, '$3')} RETURNING t.id), e AS (${this.leaseRows(this.events, '$4')} RETURNING t.id)
      SELECT id FROM d UNION ALL SELECT id FROM e`;
  }

  claim({ offset, limit, leaseMs, excluded }: ClaimInput): Statement[] {
    return [{ sql: this.claimSql, params: [offset, limit, leaseMs, JSON.stringify(excluded)] }];
  }

  fanOut(offset: number, closings: readonly Row[], deliveries: readonly Row[]): Statement[] {
    return [{ sql: this.fanOutSql, params: [offset, JSON.stringify(closings), JSON.stringify(deliveries)] }];
  }

  settle({ offset, updates, inserts, attempts, closings }: SettleInput): Statement[] {
    const lists = [updates, inserts, attempts, closings].map((rows) => JSON.stringify(rows));
    return [{ sql: this.settleSql, params: [offset, ...lists] }];
  }

  lease(offset: number, leaseMs: number, { deliveries, events }: LeaseInput): Statement[] {
    return [
      { sql: this.leaseSql, params: [offset, leaseMs, JSON.stringify(deliveries), JSON.stringify(events)] },
    ];
  }

  // MATERIALIZED: with `IN (SELECT … LIMIT)` the planner may run the locking part twice and lease more than asked for.
  private buildClaim(): string {
    const due = (table: string, condition: string): string => `SELECT id FROM ${table}
      WHERE due_at <= ${this.now} ${condition} ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`;
    const excluded = `AND subscription_id NOT IN ${this.sql.list('$4')}`;
    return `WITH due_deliveries AS MATERIALIZED (${due(this.deliveries, excluded)}),
      due_events AS MATERIALIZED (${due(this.events, '')}),
      d AS (${this.claimRows(this.deliveries, 'FROM due_deliveries c WHERE t.id = c.id')} RETURNING t.*),
      e AS (${this.claimRows(this.events, 'FROM due_events c WHERE t.id = c.id')} RETURNING t.id, t.fence)
      SELECT 'delivery' AS kind, id, event_id, subscription_id, tenant, attempts, fence, body FROM d
      UNION ALL SELECT 'event', id, NULL, NULL, NULL, NULL, fence, NULL FROM e
      UNION ALL SELECT 'next', '', NULL, NULL, NULL, NULL,
        least(${this.nextDue(this.deliveries)}, ${this.nextDue(this.events)}) - ${this.now}, NULL
      UNION ALL SELECT 'version', '', NULL, NULL, NULL, NULL, ${this.version}, NULL`;
  }
}
