import type { OnApplicationShutdown, Provider } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { TablesMissingError } from '../errors/tables-missing-error.js';
import { Database } from './database.js';
import { openEmbedded } from './embedded.data-source.js';
import { PostgresDatabase } from './postgres.database.js';
import { SCHEMA_VERSION } from './schema.js';
import { SqliteDatabase } from './sqlite.database.js';
import { DEFAULT_TABLE_PREFIX, sqlFor } from './webhooks.migrations.js';

/** Token of the data source that the module works on. */
export const WEBHOOKS_DATA_SOURCE = Symbol('WEBHOOKS_DATA_SOURCE');

/** The default file of the embedded database. */
export const DEFAULT_DATABASE_FILE = './webhooks.sqlite';

/** The structural options that decide about storage. */
export interface StorageStructure {
  readonly dataSource?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly tablePrefix?: string;
  readonly preparedStatements?: boolean;
}

/** Closes the embedded data source; the host's own is the host's to close. */
@Injectable()
class EmbeddedLifecycle implements OnApplicationShutdown {
  constructor(@Inject(WEBHOOKS_DATA_SOURCE) private readonly dataSource: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}

function embedded(structure: StorageStructure, tablePrefix: string): Provider[] {
  const file = structure.database ?? DEFAULT_DATABASE_FILE;
  const open = (): Promise<DataSource> => {
    new Logger('Webhooks').log(
      `Events are stored in ${file}; give "dataSource" to publish inside your own transactions`,
    );
    return openEmbedded(file, tablePrefix);
  };
  return [{ provide: WEBHOOKS_DATA_SOURCE, useFactory: open }, EmbeddedLifecycle];
}

async function assertTables(database: Database, tablePrefix: string): Promise<void> {
  const sql = `SELECT value FROM ${database.sql.table('meta')} WHERE name = 'schema'`;
  const rows = await database.run([{ sql, params: [] }]).catch((cause: unknown) => {
    throw new TablesMissingError(tablePrefix, 'are missing', { cause });
  });
  const version = Number(rows[0]?.[0]?.value ?? 0);
  if (version < SCHEMA_VERSION) {
    throw new TablesMissingError(
      tablePrefix,
      `are of version ${version}, and version ${SCHEMA_VERSION} is needed`,
    );
  }
}

function warnWhenWeak(handle: { pragma(text: string, options: { simple: true }): unknown }): void {
  if (handle.pragma('journal_mode', { simple: true }) !== 'wal') {
    new Logger('Webhooks').warn(
      'SQLite is not in WAL mode: every commit is slower than it need be ("enableWAL: true")',
    );
  }
  if (handle.pragma('synchronous', { simple: true }) === 0) {
    new Logger('Webhooks').warn('SQLite runs with synchronous=OFF: a power cut can lose committed events');
  }
}

async function connect(
  dataSource: DataSource,
  structure: StorageStructure,
  tablePrefix: string,
): Promise<Database> {
  const sql = sqlFor(dataSource.options.type, { schema: structure.schema, tablePrefix });
  const onPostgres = sql.dialect === 'postgres';
  const database = onPostgres
    ? new PostgresDatabase(dataSource, sql, structure.preparedStatements)
    : new SqliteDatabase(dataSource, sql);
  await assertTables(database, tablePrefix);
  if (database instanceof PostgresDatabase) await database.open();
  else {
    warnWhenWeak(
      (dataSource.driver as unknown as { databaseConnection: Parameters<typeof warnWhenWeak>[0] })
        .databaseConnection,
    );
  }
  return database;
}

/** The data source (the host's or the embedded one) and the {@link Database} over it. */
export function databaseProviders(structure: StorageStructure): Provider[] {
  const tablePrefix = structure.tablePrefix ?? DEFAULT_TABLE_PREFIX;
  const source =
    structure.dataSource === undefined
      ? embedded(structure, tablePrefix)
      : [{ provide: WEBHOOKS_DATA_SOURCE, useExisting: getDataSourceToken(structure.dataSource) }];
  return [
    ...source,
    {
      provide: Database,
      inject: [WEBHOOKS_DATA_SOURCE],
      useFactory: (dataSource: DataSource) => connect(dataSource, structure, tablePrefix),
    },
  ];
}
