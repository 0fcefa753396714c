import { inChunks } from './chunks.js';
import type { Row, Statement } from './database.js';

/** Column types of the module's tables. Instants are epoch milliseconds in a `bigint`. */
export type ColumnType = 'text' | 'bigint';

/** What a statement reads of its rows. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** Where the tables are: `schema` (PostgreSQL only) and the prefix of their names. */
export interface TableNaming {
  readonly schema?: string | undefined;
  readonly tablePrefix: string;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

function quoted(name: string): string {
  if (!IDENTIFIER.test(name))
    throw new TypeError(`"${name}" cannot be a table prefix or schema: letters, digits, _`);
  return `"${name}"`;
}

/** SQL with {@link Sql.rows} in it. */
export interface RowsText {
  readonly sql: string;
  readonly columns: Columns;
}

/** The fragments in which PostgreSQL and SQLite differ; everything else in the stores is common SQL. */
export abstract class Sql {
  abstract readonly dialect: 'postgres' | 'sqlite';

  constructor(private readonly naming: TableNaming) {}

  /** The database's time in epoch milliseconds; the placeholder holds the clock's offset. */
  abstract now(offset: string): string;

  /** The rows that {@link forRows} binds, as a table `r`; `first` is their placeholder, after all the others. */
  abstract rows(first: string, columns: Columns): string;

  /**
   * Statements that run one SQL text for all of the rows.
   *
   * @param text the SQL with `rows()` in it, and the columns given there
   * @param shared the parameters before the rows
   */
  abstract forRows(text: RowsText, shared: readonly unknown[], rows: readonly object[]): Statement[];

  /** A JSON array of texts, given as one parameter, as a list for `IN` or a table with the column `value`. */
  abstract list(placeholder: string): string;

  /** All values of a text column as one text, separated by line feeds. */
  abstract joined(column: string): string;

  /** A name for messages between the processes that share these tables. */
  get channel(): string {
    const { schema, tablePrefix } = this.naming;
    return `${schema ? `${schema}_` : ''}${tablePrefix}due`;
  }

  /** The quoted name of one of the module's tables. */
  table(name: string): string {
    const table = quoted(this.naming.tablePrefix + name);
    return this.naming.schema && this.dialect === 'postgres'
      ? `${quoted(this.naming.schema)}.${table}`
      : table;
  }

  /** The quoted name of an index; an index lives in its table's schema. */
  index(name: string): string {
    return quoted(this.naming.tablePrefix + name);
  }
}

/** PostgreSQL 13 or newer. */
export class PostgresSql extends Sql {
  readonly dialect = 'postgres';

  // statement_timestamp(), not now(): an event at the end of a long transaction must not start with an expired lease,
  // and not clock_timestamp(), which is volatile and would keep the planner from the index on due_at.
  now(offset: string): string {
    return `((extract(epoch from statement_timestamp()) * 1000)::bigint + ${offset}::bigint)`;
  }

  // One JSON parameter, whatever the number of rows: one round trip, one plan.
  rows(first: string, columns: Columns): string {
    const list = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `json_to_recordset(${first}::json) AS r(${list.join(', ')})`;
  }

  forRows({ sql }: RowsText, shared: readonly unknown[], rows: readonly object[]): Statement[] {
    return [{ sql, params: [...shared, JSON.stringify(rows)] }];
  }

  list(placeholder: string): string {
    return `(SELECT value FROM json_array_elements_text(${placeholder}::json))`;
  }

  joined(column: string): string {
    return `string_agg(${column}, chr(10))`;
  }
}

/** SQLite 3.42 or newer (`unixepoch('subsec')`). */
export class SqliteSql extends Sql {
  readonly dialect = 'sqlite';
  private readonly spreads = new Map<string, Map<number, string>>();

  now(offset: string): string {
    return `(CAST(unixepoch('subsec') * 1000 AS INTEGER) + ${offset})`;
  }

  // Bound, not sent as JSON: through json_each a row costs more than twice as much. And bound by their order: the driver looks
  // each name up.
  rows(first: string, columns: Columns): string {
    const list = Object.keys(columns).map((name, index) => `column${index + 1} AS ${name}`);
    return `(SELECT ${list.join(', ')} FROM (VALUES ${first}...)) AS r`;
  }

  forRows(text: RowsText, shared: readonly unknown[], rows: readonly object[]): Statement[] {
    const names = Object.keys(text.columns);
    return inChunks(rows).map((chunk) => {
      const params = [...shared];
      for (const row of chunk) for (const name of names) params.push((row as Row)[name]);
      return { sql: this.spread(text.sql, names.length, chunk.length), params };
    });
  }

  list(placeholder: string): string {
    return `(SELECT value FROM json_each(${placeholder}))`;
  }

  joined(column: string): string {
    return `group_concat(${column}, char(10))`;
  }

  /** Puts the placeholders of so many rows where {@link rows} left room for them. */
  private spread(sql: string, width: number, count: number): string {
    const known = this.spreads.get(sql) ?? new Map<number, string>();
    this.spreads.set(sql, known);
    const found = known.get(count);
    if (found !== undefined) return found;
    const row = `(${Array(width).fill('?').join()})`;
    const text = sql.replace(/VALUES \$\d+\.\.\./, `VALUES ${Array(count).fill(row).join()}`);
    known.set(count, text);
    return text;
  }
}
