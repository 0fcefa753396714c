import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables } from './schema.js';
import type { Sql, TableNaming } from './sql.js';
import { PostgresSql, SqliteSql } from './sql.js';
import { UnsupportedDatabaseError } from '../errors/unsupported-database-error.js';

/** The default prefix of the module's tables. */
export const DEFAULT_TABLE_PREFIX = 'webhooks_';

/** Where the tables shall be. */
export interface WebhooksTableOptions {
  /** PostgreSQL schema; it must exist. @default the connection's own search path */
  readonly schema?: string;
  /** Prefix of every table and index. @default 'webhooks_' */
  readonly tablePrefix?: string;
}

type MigrationClass = new () => MigrationInterface;

/** The dialect for a TypeORM driver name. */
export function sqlFor(type: string, naming: TableNaming): Sql {
  if (type === 'postgres') return new PostgresSql(naming);
  if (type === 'better-sqlite3') return new SqliteSql(naming);
  throw new UnsupportedDatabaseError(type);
}

/**
 * Migrations for the host's own list: `migrations: [...mine, ...webhooksMigrations()]`.
 * They create and change only the module's prefixed tables.
 */
export function webhooksMigrations(options: WebhooksTableOptions = {}): MigrationClass[] {
  const naming = { schema: options.schema, tablePrefix: options.tablePrefix ?? DEFAULT_TABLE_PREFIX };
  const run = async (runner: QueryRunner, statements: (sql: Sql) => string[]): Promise<void> => {
    for (const statement of statements(sqlFor(runner.connection.options.type, naming)))
      await runner.query(statement);
  };
  class CreateWebhooks1764000000000 implements MigrationInterface {
    // Two modules with different prefixes may share a data source: TypeORM tells migrations apart by name.
    readonly name = `CreateWebhooks_${naming.schema ?? ''}_${naming.tablePrefix}1764000000000`;
    up = (runner: QueryRunner): Promise<void> => run(runner, createTables);
    down = (runner: QueryRunner): Promise<void> => run(runner, dropTables);
  }
  return [CreateWebhooks1764000000000];
}

/** The same as {@link webhooksMigrations}, as SQL text for hosts that migrate with another tool. */
export function webhooksMigrationSql(
  dialect: 'postgres' | 'sqlite',
  options: WebhooksTableOptions = {},
): string {
  const naming = { schema: options.schema, tablePrefix: options.tablePrefix ?? DEFAULT_TABLE_PREFIX };
  const sql = dialect === 'postgres' ? new PostgresSql(naming) : new SqliteSql(naming);
  return createTables(sql)
    .map((statement) => `${statement};\n`)
    .join('');
}
