/** Column types of the module's tables. Instants are epoch milliseconds in a `bigint`. */
export type ColumnType = 'text' | 'bigint';

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

/** The fragments in which PostgreSQL and SQLite differ; everything else in the stores is common SQL. */
export abstract class Sql {
  abstract readonly dialect: 'postgres' | 'sqlite';

  constructor(private readonly naming: TableNaming) {}

  /** The database's time in epoch milliseconds; the placeholder holds the clock's offset. */
  abstract now(offset: string): string;

  /** A JSON array of objects, given as one parameter, as a table. */
  abstract rows(placeholder: string, columns: Readonly<Record<string, ColumnType>>): string;

  /** A JSON array of texts, given as one parameter, as a list for `IN`. */
  abstract list(placeholder: string): string;

  /** All values of a text column as one text, separated by line feeds. */
  abstract joined(column: string): string;

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

  rows(placeholder: string, columns: Readonly<Record<string, ColumnType>>): string {
    const list = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `json_to_recordset(${placeholder}::json) AS r(${list.join(', ')})`;
  }

  list(placeholder: string): string {
    return `(SELECT json_array_elements_text(${placeholder}::json))`;
  }

  joined(column: string): string {
    return `string_agg(${column}, chr(10))`;
  }
}

/** SQLite 3.42 or newer (`unixepoch('subsec')`). */
export class SqliteSql extends Sql {
  readonly dialect = 'sqlite';

  now(offset: string): string {
    return `(CAST(unixepoch('subsec') * 1000 AS INTEGER) + ${offset})`;
  }

  rows(placeholder: string, columns: Readonly<Record<string, ColumnType>>): string {
    const list = Object.keys(columns).map((name) => `value->>'$.${name}' AS ${name}`);
    return `(SELECT ${list.join(', ')} FROM json_each(${placeholder})) AS r`;
  }

  list(placeholder: string): string {
    return `(SELECT value FROM json_each(${placeholder}))`;
  }

  joined(column: string): string {
    return `group_concat(${column}, char(10))`;
  }
}
