import { inChunks } from './chunks.js';
import type { Statement } from './database.js';
import type { EventRow } from './event-statements.js';
import { EVENT, EventStatements } from './event-statements.js';
import type { RowsText, Sql } from './sql.js';

const SUBJECT = { id: 'text', tenant: 'text', subject: 'text', key: 'text' } as const;

/** Two statements for a chunk of events: count the subjects up, then take the numbers. */
export class SqliteEventStatements extends EventStatements {
  private readonly countText: RowsText;
  private readonly insertText: RowsText;

  constructor(sql: Sql) {
    super(sql);
    this.countText = { sql: this.countUp(sql.rows('$1', SUBJECT)), columns: SUBJECT };
    const numbered = `${sql.rows('$2', EVENT)} LEFT JOIN ${sql.table('sequences')} s
      ON s.tenant = r.tenant AND s.subject = r.subject`;
    const insert = `${this.insertFrom(numbered, this.ranked)} WHERE ${this.keyIsMine} ${this.returning}`;
    this.insertText = { sql: insert, columns: EVENT };
  }

  insert(offset: number, rows: readonly EventRow[]): Statement[] {
    return inChunks(rows).flatMap((chunk) => [
      ...(chunk.every(({ subject }) => subject === null) ? [] : this.sql.forRows(this.countText, [], chunk)),
      ...this.sql.forRows(this.insertText, [offset], chunk),
    ]);
  }
}
