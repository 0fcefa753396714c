import { SerialDataSource, webhooksMigrations } from 'nestjs-webhooks';
import type { DataSourceOptions } from 'typeorm';
import { DataSource } from 'typeorm';
import type { BookingConfig } from '../config.js';
import { bookingEntities } from './booking-entities.js';
import { bookingMigrations } from './booking-migrations.js';

/** One set of tables, on PostgreSQL or in a SQLite file; migrated when the app starts. */
export function dataSourceOptions({ databaseUrl, sqliteFile }: BookingConfig): DataSourceOptions {
  const common = {
    entities: bookingEntities,
    migrations: [...bookingMigrations, ...webhooksMigrations()],
    migrationsRun: true,
  };
  return databaseUrl === null
    ? { ...common, type: 'better-sqlite3', database: sqliteFile, enableWAL: true, prepareDatabase: syncFully }
    : { ...common, type: 'postgres', url: databaseUrl };
}

// With WAL alone SQLite may lose the last commits when the power fails.
function syncFully(database: { pragma(source: string): unknown }): void {
  database.pragma('synchronous = FULL');
}

/** Opens it; on SQLite, which has one connection, transactions take turns. */
export function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  const DataSourceClass = options.type === 'better-sqlite3' ? SerialDataSource : DataSource;
  return new DataSourceClass(options).initialize();
}
