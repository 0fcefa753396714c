import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { WebhooksModule, verify, webhooksMigrationSql, webhooksMigrations } from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../support/databases.js';
import { LOOPBACK } from '../support/host.js';
import { OrderCreated, OrderEntity } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { useStage } from '../support/stage.js';

/** What of the module's is there: tables and indexes by name, columns not looked at. */
async function inventory(dataSource: DataSource, prefix = 'webhooks_'): Promise<string[]> {
  const sql =
    dataSource.options.type === 'postgres'
      ? `SELECT schemaname || '.' || tablename AS name FROM pg_tables UNION SELECT schemaname || '.' || indexname FROM pg_indexes`
      : 'SELECT name FROM sqlite_schema';
  const rows: { name: string }[] = await dataSource.query(sql);
  return rows
    .map(({ name }) => name)
    .filter((name) => name.includes(prefix))
    .sort();
}

async function withDataSource<T>(
  stage: Stage,
  options: object,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = await new DataSource({ ...stage.options, ...options }).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

describeDatabases('the tables', (database) => {
  const stage = useStage(database);

  it('may have another prefix', async () => {
    const tables = { tablePrefix: 'hooks_' };
    const host = await stage.host({ tables, webhooks: tables });
    await stage.subscribe(host);

    await host.webhooks.publish(OrderCreated.of('A'));

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
    expect(await inventory(host.dataSource)).toEqual([]);
    expect((await inventory(host.dataSource, 'hooks_')).length).toBeGreaterThan(10);
  });

  it('of two prefixes live in one database, and each module sends its own', async () => {
    const migrations = [...webhooksMigrations(), ...webhooksMigrations({ tablePrefix: 'hooks_' })];
    await withDataSource(stage, { migrations, migrationsRun: true }, async () => undefined);
    const first = await stage.host({ tables: false });
    const second = await stage.host({ tables: false, webhooks: { tablePrefix: 'hooks_' } });
    await stage.subscribe(first, { url: stage.receiver.url('/first') });
    await stage.subscribe(second, { url: stage.receiver.url('/second') });

    await first.webhooks.publish(OrderCreated.of('A'));
    await second.webhooks.publish(OrderCreated.of('B'));

    expect(await stage.arrivedOrders(first, '/first')).toEqual(['A']);
    expect(await stage.arrivedOrders(second, '/second')).toEqual(['B']);
  });

  it('may be in a data source with a name, beside the default one', async () => {
    const named = TypeOrmModule.forRoot({
      ...(await database.fresh()),
      name: 'hooks',
      migrations: webhooksMigrations(),
      migrationsRun: true,
    });
    const host = await stage.host({ imports: [named], tables: false, webhooks: { dataSource: 'hooks' } });
    await stage.subscribe(host);
    const hooks = host.get<DataSource>(getDataSourceToken('hooks') as never);

    await hooks.transaction((manager) => host.webhooks.publish(OrderCreated.of('A'), { manager }));
    const foreign = host.dataSource.transaction((manager) =>
      host.webhooks.publish(OrderCreated.of('B'), { manager }),
    );

    await expect(foreign).rejects.toMatchObject({ code: 'PUBLISH_OUTSIDE_TRANSACTION' });
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await inventory(host.dataSource)).toEqual([]);
  });

  it("are left alone by the host's synchronize", async () => {
    const host = await stage.host();
    const before = await inventory(host.dataSource);

    await host.dataSource.synchronize();

    expect(await inventory(host.dataSource)).toEqual(before);
    expect(before.length).toBeGreaterThan(10);
    await expect(host.webhooks.publish(OrderCreated.of('A'))).resolves.toMatchObject({ duplicate: false });
  });

  it('are removed completely by the migration in reverse', async () => {
    await withDataSource(stage, { migrations: webhooksMigrations() }, async (dataSource) => {
      await dataSource.runMigrations();
      const created = await inventory(dataSource);
      await dataSource.undoLastMigration();

      expect(created.length).toBeGreaterThan(10);
      expect(await inventory(dataSource)).toEqual([]);
    });
  });

  it('come just as well from the printed SQL', async () => {
    const tables = { tablePrefix: 'printed_' };
    const sql = webhooksMigrationSql(database.name, tables);
    await withDataSource(stage, {}, async (dataSource) => {
      for (const statement of sql.split(';\n')) if (statement) await dataSource.query(statement);
    });
    const host = await stage.host({ tables: false, webhooks: tables });
    await stage.subscribe(host);

    await host.webhooks.publish(OrderCreated.of('A'));

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('keep what a process that only publishes leaves, until another one sends it', async () => {
    const publisher = await stage.host({ webhooks: { dispatch: false } });
    await stage.subscribe(publisher);

    await publisher.webhooks.publish(OrderCreated.of('A'));
    await publisher.webhooks.transaction(() => publisher.webhooks.publish(OrderCreated.of('B')));
    expect(await stage.arrivedOrders(publisher)).toEqual([]);
    expect(await publisher.count('events', 'due_at IS NOT NULL')).toBe(2);
    const worker = await stage.host();

    expect(await stage.arrivedOrders(worker)).toEqual(['A', 'B']);
  });
});

describeDatabases(
  'a schema',
  (database) => {
    const stage = useStage(database);

    it('holds the tables, and only them', async () => {
      await withDataSource(stage, {}, (dataSource) => dataSource.query('CREATE SCHEMA hooks'));
      const host = await stage.host({ tables: { schema: 'hooks' }, webhooks: { schema: 'hooks' } });
      await stage.subscribe(host);

      await host.webhooks.transaction(async (manager) => {
        await manager.insert(OrderEntity, { id: 'A', tenant: 'default', total: 1 });
        await host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'A' });
      });

      expect(await stage.arrivedOrders(host)).toEqual(['A']);
      expect(await host.orders()).toEqual(['A']);
      const names = await inventory(host.dataSource);
      expect(names.filter((name) => !name.startsWith('hooks.'))).toEqual([]);
      expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
    });
  },
  'postgres',
);

describeDatabases(
  'the embedded database',
  (database) => {
    const stage = useStage(database);

    const embedded = (): { file: string; start: () => ReturnType<Stage['host']> } => {
      const file = `${stage.options.type === 'better-sqlite3' ? stage.options.database : ''}.embedded`;
      const webhooksModule = WebhooksModule.forRoot({ database: file, egress: { allow: LOOPBACK } });
      return { file, start: () => stage.host({ webhooksModule, tables: false }) };
    };

    const openFile = (file: string): Promise<DataSource> =>
      new DataSource({ type: 'better-sqlite3', database: file }).initialize();

    it('is made on the first start, with its tables, in WAL mode', async () => {
      const { file, start } = embedded();
      const host = await start();
      await stage.subscribe(host);

      await host.webhooks.publish(OrderCreated.of('A'));

      expect(await stage.arrivedOrders(host)).toEqual(['A']);
      const dataSource = await openFile(file);
      expect((await inventory(dataSource)).length).toBeGreaterThan(10);
      expect(await dataSource.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
      await dataSource.destroy();
      expect(await inventory(host.dataSource)).toEqual([]);
    });

    it('commits durably, with full synchronisation', async () => {
      const { start } = embedded();
      const host = await start();

      const level = await host.webhooks.transaction((manager) => manager.query('PRAGMA synchronous'));

      expect(level).toEqual([{ synchronous: 2 }]);
    });

    it('has a key file that only its owner may read', async () => {
      const { file, start } = embedded();
      await start();

      const { mode } = await stat(`${file}.webhooks-key`);

      expect(mode & 0o777).toBe(0o600);
    });

    it('still signs with the same secret after a restart, and keeps what was not sent', async () => {
      const { start } = embedded();
      stage.receiver.answer('/hook', 500, 204);
      const first = await start();
      const { secret } = await stage.subscribe(first);
      await first.webhooks.publish(OrderCreated.of('A'));
      await first.webhooks.drain();
      await first.close();

      const second = await start();
      second.clock.advance(10_000);
      await second.webhooks.drain();

      const [before, after] = stage.receiver.requests;
      expect(stage.receiver.requests).toHaveLength(2);
      expect(after!.body).toBe(before!.body);
      expect([before, after].map((request) => verify(request!, secret!))).toEqual([null, null]);
    });

    it('lies where it is told to, and says where', async () => {
      const { file, start } = embedded();
      const host = await start();

      expect(host.logger.of('log').join('\n')).toContain(file);
    });

    it('that cannot be opened is an error that names the file', async () => {
      // A folder inside of a file cannot be made.
      const file = join(process.execPath, 'webhooks.sqlite');
      const webhooksModule = WebhooksModule.forRoot({ database: file });

      await expect(stage.host({ webhooksModule, tables: false })).rejects.toMatchObject({
        code: 'EMBEDDED_DATABASE_FAILED',
        message: expect.stringContaining(file) as unknown,
      });
    });
  },
  'sqlite',
);
