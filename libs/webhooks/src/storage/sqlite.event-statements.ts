import { inChunks } from './chunks.js';
import type { Statement } from './database.js';
import type { EventRow } from './event-statements.js';
import { EVENT, EventStatements } from './event-statements.js';
import type { RowsText, Sql } from './sql.js';

const SUBJECT = { id: 'text', tenant: 'text', subject: 'text', key: 'text' } as const;

/** Two statements for an event or a chunk of them: count the subjects up, then take the numbers. */
export class SqliteEventStatements extends EventStatements {
  private readonly plain: string;
  private readonly countUpSql: string;
  private readonly numbered: string;
  private readonly countText: RowsText;
  private readonly insertText: RowsText;

  constructor(sql: Sql) {
    super(sql);
    this.plain = this.insertOne('NULL', 'NULL');
    this.countUpSql = this.countUpOne('$1', '$2');
    const last = `SELECT s.last FROM ${sql.table('sequences')} s WHERE s.tenant = $3 AND s.subject = $11`;
    this.numbered = this.insertOne('$11', `(${last})`);
    this.countText = { sql: this.countUp(sql.rows('$1', SUBJECT), this.keyIsMine), columns: SUBJECT };
    const numbered = `${sql.rows('$2', EVENT)} LEFT JOIN ${sql.table('sequences')} s
      ON s.tenant = r.tenant AND s.subject = r.subject`;
    const insert = `${this.insertFrom(numbered, this.ranked)} WHERE ${this.keyIsMine} ${this.returning}`;
    this.insertText = { sql: insert, columns: EVENT };
  }

  protected insertPlain(params: readonly unknown[]): Statement[] {
    return [{ sql: this.plain, params }];
  }

  protected insertNumbered(params: readonly unknown[]): Statement[] {
    return [
      { sql: this.countUpSql, params: [params[2], params[10]] },
      { sql: this.numbered, params },
    ];
  }

  // Without keys one by one: what finds the numbers of many at once carries their data through two sorters.
  protected insertSeveral(offset: number, rows: readonly EventRow[]): Statement[] {
    if (rows.every(({ key }) => key === null))
      return rows.flatMap((row) => this.insertWithoutKey(offset, row));
    return inChunks(rows).flatMap((chunk) => [
      ...(chunk.every(({ subject }) => subject === null) ? [] : this.sql.forRows(this.countText, [], chunk)),
      ...this.sql.forRows(this.insertText, [offset], chunk),
    ]);
  }
}
