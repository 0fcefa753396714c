import type { Statement } from './database.js';
import type { EventRow } from './event-statements.js';
import { EVENT, EventStatements } from './event-statements.js';
import type { Sql } from './sql.js';

/** One statement, whatever the number of events. */
export class PostgresEventStatements extends EventStatements {
  private readonly single: string;
  private readonly several: string;

  constructor(sql: Sql) {
    super(sql);
    this.single = this.buildSingle();
    this.several = this.buildSeveral();
  }

  insert(offset: number, rows: readonly EventRow[]): Statement[] {
    const [row, another] = rows;
    if (row && !another && row.key === null) {
      const { id, tenant, type, subject, data, catalog_version, occurred_at, lease } = row;
      const values = [id, tenant, type, subject, data, catalog_version, occurred_at, lease];
      return [{ sql: this.single, params: [offset, ...values] }];
    }
    return this.sql.forRows({ sql: this.several, columns: EVENT }, [offset], rows);
  }

  // By far the most frequent: one event in the host's transaction. The server plans a statement anew each time, and
  // for the general one that takes longer than all the rest of the publishing.
  private buildSingle(): string {
    const row = `(SELECT $2::text AS id, $3::text AS tenant, $4::text AS type, $5::text AS subject, $6::text AS data,
      $7::bigint AS catalog_version, $8::bigint AS occurred_at, $9::bigint AS lease) AS r`;
    return `WITH s AS (INSERT INTO ${this.sql.table('sequences')} AS q (tenant, subject, last)
        SELECT $3::text, $5::text, 1 WHERE $5::text IS NOT NULL
        ON CONFLICT (tenant, subject) DO UPDATE SET last = q.last + 1 RETURNING q.last)
      ${this.insertFrom(row, '(SELECT s.last FROM s)')} ${this.returning}`;
  }

  private buildSeveral(): string {
    return `WITH r AS MATERIALIZED (SELECT r.* FROM ${this.sql.rows('$2', EVENT)} WHERE ${this.keyIsMine}),
      s AS (${this.countUp('r')} RETURNING q.tenant, q.subject, q.last)
      ${this.insertFrom('r LEFT JOIN s ON s.tenant = r.tenant AND s.subject = r.subject', this.ranked)}
      ORDER BY r.n ${this.returning}`;
  }
}
