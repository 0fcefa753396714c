import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { EmbeddedDatabaseError } from '../errors/embedded-database-error.js';
import { webhooksMigrations } from './webhooks.migrations.js';

/** Opens the module's own SQLite file, creating it and its tables on first use. Durable: WAL with full synchronisation. */
export async function openEmbedded(file: string, tablePrefix: string): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'better-sqlite3',
    database: file,
    enableWAL: true,
    migrations: webhooksMigrations({ tablePrefix }),
    migrationsRun: true,
    migrationsTableName: `${tablePrefix}migrations`,
    prepareDatabase: (database: { pragma(text: string): unknown }) =>
      void database.pragma('synchronous = FULL'),
  });
  try {
    return await dataSource.initialize();
  } catch (cause) {
    throw new EmbeddedDatabaseError(file, { cause });
  }
}

/** The key of an embedded database: 32 bytes in base64 in a file of its own, readable by the owner alone. */
export function embeddedKey(file: string): string {
  const keyFile = `${file}.webhooks-key`;
  if (existsSync(keyFile)) return readFileSync(keyFile, 'utf8').trim();
  const key = randomBytes(32).toString('base64');
  writeFileSync(keyFile, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}
