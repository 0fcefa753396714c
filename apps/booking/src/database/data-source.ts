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
    ? { ...common, type: 'better-sqlite3', database: sqliteFile, enableWAL: true }
    : { ...common, type: 'postgres', url: databaseUrl };
}

/** Opens it; on SQLite, which has one connection, transactions take turns. */
export function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  const DataSourceClass = options.type === 'better-sqlite3' ? SerialDataSource : DataSource;
  return new DataSourceClass(options).initialize();
}
