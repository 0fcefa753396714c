import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Sql } from '../../src/storage/sql.js';
import { PostgresSql, SqliteSql } from '../../src/storage/sql.js';
import { sqlFor } from '../../src/storage/webhooks.migrations.js';
import { createReceipts, dropReceipts } from './replay-statements.js';

/** Where the table of the replay memory is. */
export interface ReplayTableOptions {
  /** PostgreSQL schema; it must exist. @default the connection's own search path */
  readonly schema?: string;
  /** Prefix of the table and its indexes. @default 'webhook_receiver_' */
  readonly tablePrefix?: string;
}

type MigrationClass = new () => MigrationInterface;

/** The naming with its defaults. */
export function replayNaming({ schema, tablePrefix = 'webhook_receiver_' }: ReplayTableOptions): {
  schema: string | undefined;
  tablePrefix: string;
} {
  return { schema, tablePrefix };
}

/**
 * Migrations for the host's own list: `migrations: [...mine, ...webhookReceiverMigrations()]`. They create the one table
 * of the {@link TypeOrmReplayStore}.
 */
export function webhookReceiverMigrations(options: ReplayTableOptions = {}): MigrationClass[] {
  const naming = replayNaming(options);
  const run = async (runner: QueryRunner, statements: (sql: Sql) => string[]): Promise<void> => {
    const sql = sqlFor(runner.connection.options.type, naming);
    for (const statement of statements(sql)) await runner.query(statement);
  };
  class CreateWebhookReceiver1764100000000 implements MigrationInterface {
    // Two receivers with different prefixes may share a data source: TypeORM tells migrations apart by name.
    readonly name = `CreateWebhookReceiver_${naming.schema ?? ''}_${naming.tablePrefix}1764100000000`;
    up = (runner: QueryRunner): Promise<void> => run(runner, createReceipts);
    down = (runner: QueryRunner): Promise<void> => run(runner, dropReceipts);
  }
  return [CreateWebhookReceiver1764100000000];
}

/** The same as {@link webhookReceiverMigrations}, as SQL text for hosts that migrate with another tool. */
export function webhookReceiverMigrationSql(
  dialect: 'postgres' | 'sqlite',
  options: ReplayTableOptions = {},
): string {
  const naming = replayNaming(options);
  const sql = dialect === 'postgres' ? new PostgresSql(naming) : new SqliteSql(naming);
  return createReceipts(sql)
    .map((statement) => `${statement};\n`)
    .join('');
}
