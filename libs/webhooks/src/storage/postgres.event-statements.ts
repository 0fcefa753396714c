import type { Statement } from './database.js';
import type { EventRow } from './event-statements.js';
import { EVENT, EventStatements } from './event-statements.js';
import type { Sql } from './sql.js';

/** One statement, whatever the number of events. */
export class PostgresEventStatements extends EventStatements {
  private readonly plain: string;
  private readonly numbered: string;
  private readonly several: string;
  private readonly severalWithKeys: string;

  constructor(sql: Sql) {
    super(sql);
    this.plain = this.insertOne('NULL', 'NULL');
    this.numbered = `WITH s AS (${this.countUpOne('$3', '$11')} RETURNING q.last)
      ${this.insertOne('$11', '(SELECT s.last FROM s)')}`;
    this.several = this.buildSeveral(sql.rows('$2', EVENT));
    this.severalWithKeys = this.buildSeveral(`${sql.rows('$2', EVENT)} WHERE ${this.keyIsMine}`);
  }

  protected insertPlain(params: readonly unknown[]): Statement[] {
    return [{ sql: this.plain, params, isStable: true }];
  }

  protected insertNumbered(params: readonly unknown[]): Statement[] {
    return [{ sql: this.numbered, params, isStable: true }];
  }

  protected insertSeveral(offset: number, rows: readonly EventRow[]): Statement[] {
    // How the keys are best found depends on how many there are: with them the plan is not for ever.
    const isStable = rows.every(({ key }) => key === null);
    const text = { sql: isStable ? this.several : this.severalWithKeys, columns: EVENT };
    return this.sql.forRows(text, [offset], rows).map((statement) => ({ ...statement, isStable }));
  }

  private buildSeveral(rows: string): string {
    return `WITH r AS MATERIALIZED (SELECT r.* FROM ${rows}),
      s AS (${this.countUp('r')} RETURNING q.tenant, q.subject, q.last)
      ${this.insertFrom('r LEFT JOIN s ON s.tenant = r.tenant AND s.subject = r.subject', this.ranked)}
      ORDER BY r.n ${this.returning}`;
  }
}
