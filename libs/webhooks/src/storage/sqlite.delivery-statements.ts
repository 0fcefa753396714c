import type { Statement } from './database.js';
import type { ClaimInput, FanOutInput, LeaseInput, SettleInput } from './delivery-statements.js';
import { ATTEMPT, CLOSING, FAN_OUT, HEALTH, LEASED, OUTCOME } from './delivery-columns.js';
import { DeliveryStatements } from './delivery-statements.js';
import type { RowsText, Sql } from './sql.js';

type SettleList = 'updates' | 'inserts' | 'attempts' | 'closings' | 'health';

/** A statement for each row, run in one synchronous transaction: SQLite's `WITH` cannot change tables. */
export class SqliteDeliveryStatements extends DeliveryStatements {
  private readonly claimSql: readonly string[];
  private readonly settleTexts: Readonly<Record<SettleList, RowsText>>;
  private readonly fanOutText: RowsText;
  private readonly leaseTexts: Readonly<Record<keyof LeaseInput, RowsText>>;
  private readonly versionStatement: Statement;

  constructor(sql: Sql) {
    super(sql);
    this.versionStatement = {
      sql: `SELECT 'version' AS kind, '' AS id, ${this.version} AS fence`,
      params: [],
    };
    this.claimSql = this.buildClaim();
    this.settleTexts = {
      updates: { sql: this.updateSettled('$2'), columns: OUTCOME },
      inserts: { sql: this.insertSettled('$2'), columns: OUTCOME },
      attempts: { sql: this.insertAttempts('$2'), columns: ATTEMPT },
      closings: { sql: `${this.closeEvents('$2')} RETURNING 'closed' AS kind, id`, columns: CLOSING },
      health: { sql: this.upsertHealth('$2'), columns: HEALTH },
    };
    const closed = `EXISTS (SELECT 1 FROM ${this.events} e
      WHERE e.id = r.event_id AND e.fence = r.event_fence AND e.due_at IS NULL)`;
    const fanOut = `${this.insertFannedOut('$2', closed)} RETURNING 'delivery' AS kind, id`;
    this.fanOutText = { sql: fanOut, columns: FAN_OUT };
    this.leaseTexts = {
      deliveries: { sql: `${this.leaseRows(this.deliveries, '$3')} RETURNING id`, columns: LEASED },
      events: { sql: `${this.leaseRows(this.events, '$3')} RETURNING id`, columns: LEASED },
    };
  }

  claim(input: ClaimInput): Statement[] {
    const params = this.claimParams(input);
    return this.claimSql.map((sql) => ({ sql, params }));
  }

  fanOut({ offset, closings, deliveries, subjects }: FanOutInput): Statement[] {
    const writes = [
      ...this.sql.forRows(this.settleTexts.closings, [offset], closings),
      ...this.sql.forRows(this.fanOutText, [offset], deliveries),
    ];
    return [...this.order.around(offset, writes, subjects), this.versionStatement];
  }

  settle({ offset, subjects, ...lists }: SettleInput): Statement[] {
    const names: readonly SettleList[] = ['updates', 'inserts', 'attempts', 'closings', 'health'];
    const write = (name: SettleList): Statement[] =>
      this.sql.forRows(this.settleTexts[name], [offset], lists[name]);
    return [...this.order.around(offset, names.flatMap(write), subjects), this.versionStatement];
  }

  lease(offset: number, leaseMs: number, { deliveries, events }: LeaseInput): Statement[] {
    return [
      ...this.sql.forRows(this.leaseTexts.deliveries, [offset, leaseMs], deliveries),
      ...this.sql.forRows(this.leaseTexts.events, [offset, leaseMs], events),
    ];
  }

  private buildClaim(): string[] {
    const columns =
      'id, fence, event_id, subscription_id, tenant, body, attempts, step, expires_at, priority';
    const due = this.dueDeliveries();
    const first = due.map(
      ({ select }) =>
        `SELECT 'first' AS kind, '' AS id, coalesce(min(due_at), ${this.now}) AS fence FROM (${select} LIMIT 1)`,
    );
    const deliveries = due.map(({ select, limit }) =>
      this.claimRows(this.deliveries, `WHERE t.id IN (SELECT id FROM (${select} ${limit}))`),
    );
    const nextDue = this.nextDue().map((due) => `SELECT ${due} AS due`);
    return [
      ...first,
      ...deliveries.map((claim) => `${claim} RETURNING 'delivery' AS kind, ${columns}`),
      `${this.claimRows(this.events, `WHERE t.id IN (${this.dueEvents})`)} RETURNING 'event' AS kind, id, fence`,
      `SELECT 'next' AS kind, '' AS id, min(due) - ${this.now} AS fence FROM (${nextDue.join(' UNION ALL ')})`,
      ...this.workDue().map(({ table, dueIn }) => `SELECT '${table}' AS kind, '' AS id, ${dueIn} AS fence`),
      this.versionStatement.sql,
      `SELECT 'stops' AS kind, ${this.stops} AS id`,
    ];
  }
}
