import { SerialDataSource } from 'nestjs-webhooks';
import type { ReplayStore, ReplayTableOptions } from 'nestjs-webhooks/receiver';
import { MemoryReplayStore, TypeOrmReplayStore, webhookReceiverMigrations } from 'nestjs-webhooks/receiver';
import { TestClock } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import type { TestDatabaseOptions } from '../support/databases.js';
import { describeDatabases } from '../support/databases.js';

/** A replay store for each test of a suite, and the clock it goes by. */
export interface StoreStage {
  readonly store: ReplayStore;
  readonly clock: TestClock;
}

/** A data source with the table of the replay memory. */
export function openDataSource(
  options: TestDatabaseOptions,
  tables: ReplayTableOptions | false = {},
): Promise<DataSource> {
  const migrations = tables ? webhookReceiverMigrations(tables) : [];
  const given = { ...options, migrations, migrationsRun: true };
  return (options.type === 'postgres' ? new DataSource(given) : new SerialDataSource(given)).initialize();
}

/** Runs one suite on every kind of replay store. */
export function describeReplayStores(title: string, suite: (stage: StoreStage) => void): void {
  describe(`${title} (memory)`, () => {
    const stage = { clock: new TestClock(), store: undefined as unknown as ReplayStore };
    beforeEach(() => {
      stage.clock = new TestClock();
      stage.store = new MemoryReplayStore({ clock: stage.clock });
    });
    suite(stage);
  });
  describeDatabases(title, (database) => {
    const stage = { clock: new TestClock(), store: undefined as unknown as ReplayStore };
    let dataSource: DataSource;
    beforeEach(async () => {
      dataSource = await openDataSource(await database.fresh());
      stage.clock = new TestClock();
      stage.store = new TypeOrmReplayStore(dataSource, { clock: stage.clock });
    });
    afterEach(() => dataSource.destroy());
    suite(stage);
  });
}
