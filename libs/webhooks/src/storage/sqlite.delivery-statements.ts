import type { Row, Statement } from './database.js';
import type { ClaimInput, LeaseInput, SettleInput } from './delivery-statements.js';
import { ATTEMPT, CLOSING, DeliveryStatements, FAN_OUT, LEASED, OUTCOME } from './delivery-statements.js';
import type { RowsText, Sql } from './sql.js';

/** A statement for each row, run in one synchronous transaction: SQLite's `WITH` cannot change tables. */
export class SqliteDeliveryStatements extends DeliveryStatements {
  private readonly claimSql: readonly string[];
  private readonly updateText: RowsText;
  private readonly insertText: RowsText;
  private readonly attemptText: RowsText;
  private readonly closeText: RowsText;
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
    this.updateText = { sql: this.updateSettled('$2'), columns: OUTCOME };
    this.insertText = { sql: this.insertSettled('$2'), columns: OUTCOME };
    this.attemptText = { sql: this.insertAttempts('$2'), columns: ATTEMPT };
    this.closeText = { sql: `${this.closeEvents('$2')} RETURNING 'closed' AS kind, id`, columns: CLOSING };
    const closed = `EXISTS (SELECT 1 FROM ${this.events} e
      WHERE e.id = r.event_id AND e.fence = r.event_fence AND e.due_at IS NULL)`;
    const fanOut = `${this.insertFannedOut('$2', closed)} RETURNING 'delivery' AS kind, id`;
    this.fanOutText = { sql: fanOut, columns: FAN_OUT };
    this.leaseTexts = {
      deliveries: { sql: `${this.leaseRows(this.deliveries, '$3')} RETURNING id`, columns: LEASED },
      events: { sql: `${this.leaseRows(this.events, '$3')} RETURNING id`, columns: LEASED },
    };
  }

  claim({ offset, limit, leaseMs, excluded }: ClaimInput): Statement[] {
    const params = [offset, limit, leaseMs, JSON.stringify(excluded)];
    return [...this.claimSql.map((sql) => ({ sql, params })), this.versionStatement];
  }

  fanOut(offset: number, closings: readonly Row[], deliveries: readonly Row[]): Statement[] {
    return [
      ...this.sql.forRows(this.closeText, [offset], closings),
      ...this.sql.forRows(this.fanOutText, [offset], deliveries),
      this.versionStatement,
    ];
  }

  settle({ offset, updates, inserts, attempts, closings }: SettleInput): Statement[] {
    return [
      ...this.sql.forRows(this.updateText, [offset], updates),
      ...this.sql.forRows(this.insertText, [offset], inserts),
      ...this.sql.forRows(this.attemptText, [offset], attempts),
      ...this.sql.forRows(this.closeText, [offset], closings),
      this.versionStatement,
    ];
  }

  lease(offset: number, leaseMs: number, { deliveries, events }: LeaseInput): Statement[] {
    return [
      ...this.sql.forRows(this.leaseTexts.deliveries, [offset, leaseMs], deliveries),
      ...this.sql.forRows(this.leaseTexts.events, [offset, leaseMs], events),
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
