import type { Sql } from '../../src/storage/sql.js';

const TABLE = 'receipts';

/** The name of the table. */
export function receiptsTable(sql: Sql): string {
  return sql.table(TABLE);
}

/** The statements that create the table, in order. */
export function createReceipts(sql: Sql): string[] {
  return [
    `CREATE TABLE ${sql.table(TABLE)} (
      scope text NOT NULL, id text NOT NULL, state text NOT NULL, token text NOT NULL, until bigint NOT NULL,
      PRIMARY KEY (scope, id))`,
    `CREATE INDEX ${sql.index(`${TABLE}_until`)} ON ${sql.table(TABLE)} (until)`,
  ];
}

/** The statements that remove the table again. */
export function dropReceipts(sql: Sql): string[] {
  return [`DROP TABLE ${sql.table(TABLE)}`];
}

/**
 * What the TypeORM store says to the database. `until` is the end of a claim, or of the memory of a handled message; what has
 * passed it counts as not there. Parameters: scope, id, token, milliseconds, offset of the clock.
 */
export class ReplayStatements {
  readonly check: string;
  readonly claim: string;
  readonly look: string;
  readonly extend: string;
  readonly complete: string;
  readonly release: string;
  readonly purge: string;

  constructor(sql: Sql) {
    const table = sql.table(TABLE);
    const mine = 'scope = $1 AND id = $2 AND token = $3';
    const now = sql.now('$5');
    const end = `${now} + CAST($4 AS bigint)`;
    this.check = `SELECT state FROM ${table} WHERE until < 0`;
    // The look before the insert spares a message that a long transaction of its handler holds: ON CONFLICT would wait for it.
    this.claim = `INSERT INTO ${table} AS held (scope, id, state, token, until)
      SELECT $1, $2, 'running', $3, ${end}
      WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE scope = $1 AND id = $2 AND until > ${now})
      ON CONFLICT (scope, id) DO UPDATE SET state = excluded.state, token = excluded.token, until = excluded.until
      WHERE held.until <= ${now} RETURNING id`;
    this.look = `SELECT state, until - ${sql.now('$3')} AS ends_in FROM ${table} WHERE scope = $1 AND id = $2`;
    this.extend = `UPDATE ${table} SET until = ${end} WHERE ${mine} AND state = 'running' RETURNING id`;
    this.complete = `UPDATE ${table} SET state = 'done', until = ${end} WHERE ${mine} RETURNING id`;
    this.release = `DELETE FROM ${table} WHERE ${mine} AND state = 'running'`;
    // The second condition is looked at again for a row that was claimed anew meanwhile.
    this.purge = `DELETE FROM ${table} WHERE (scope, id) IN
      (SELECT scope, id FROM ${table} WHERE until <= ${sql.now('$1')} ORDER BY until LIMIT $2)
      AND until <= ${sql.now('$1')} RETURNING id`;
  }
}
