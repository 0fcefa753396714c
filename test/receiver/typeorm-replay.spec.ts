import { randomBytes } from 'node:crypto';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { ReceivedWebhook } from 'nestjs-webhooks/receiver';
import {
  TypeOrmReplayStore,
  webhookReceiverMigrations,
  webhookReceiverMigrationSql,
  WebhookReceiverModule,
} from 'nestjs-webhooks/receiver';
import { TestClock } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import type { TestDatabaseOptions } from '../support/databases.js';
import { describeDatabases } from '../support/databases.js';
import type { Message } from './receiver-app.js';
import { ReceiverApp } from './receiver-app.js';
import { openDataSource } from './replay-stores.js';
import { signedMessage } from './signed-message.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const CLAIM = { scope: 'Hooks.receive', id: 'evt_1', token: 'mine' };

describeDatabases('the replay memory in a table', (database) => {
  let options: TestDatabaseOptions;
  let dataSources: DataSource[];
  let apps: ReceiverApp[];
  let clock: TestClock;

  beforeEach(async () => {
    options = await database.fresh();
    [dataSources, apps, clock] = [[], [], new TestClock()];
  });

  afterEach(async () => {
    for (const app of apps) await app.close();
    for (const dataSource of dataSources) if (dataSource.isInitialized) await dataSource.destroy();
  });

  async function open(
    ...tables: Parameters<typeof openDataSource> extends [unknown, ...infer T] ? T : never
  ) {
    const dataSource = await openDataSource(options, ...tables);
    dataSources.push(dataSource);
    return dataSource;
  }

  async function start(dataSource: DataSource): Promise<ReceiverApp> {
    const store = new TypeOrmReplayStore(dataSource, { clock });
    const app = await ReceiverApp.start({ receiver: { secrets: [SECRET], replay: { store } }, clock });
    apps.push(app);
    return app;
  }

  const attempt = (id: string): Message => signedMessage(SECRET, { id, at: clock.now() });

  async function receipts(dataSource: DataSource, table = 'webhook_receiver_receipts'): Promise<unknown[]> {
    return dataSource.query(`SELECT scope, id, state FROM ${table} ORDER BY id`);
  }

  it('outlives a restart', async () => {
    const first = await start(await open());
    await first.send(attempt('evt_1'));
    await first.close();
    const second = await start(await open());

    expect(await second.send(attempt('evt_1'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
    expect(second.inbox.ids).toEqual([]);
  });

  it('lets one of two processes handle a message that comes to both at once', async () => {
    const [one, two] = [await start(await open()), await start(await open())];
    const ids = Array.from({ length: 10 }, (_, index) => `evt_${index}`);

    await Promise.all(ids.flatMap((id) => [one, two, two, one].map((app) => app.send(attempt(id)))));

    expect([...one.inbox.ids, ...two.inbox.ids].sort()).toEqual(ids);
  });

  it('works from a factory of Nest, with the data source of the application', async () => {
    const receiverModule = WebhookReceiverModule.forRootAsync({
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => ({
        secrets: [SECRET],
        replay: { store: new TypeOrmReplayStore(dataSource) },
      }),
    });
    const typeOrm = TypeOrmModule.forRoot({
      ...options,
      migrations: webhookReceiverMigrations(),
      migrationsRun: true,
    });
    const app = await ReceiverApp.start({ receiverModule, imports: [typeOrm] });
    apps.push(app);

    expect(await app.send(attempt('evt_1'))).toMatchObject({ status: 201 });
    expect(await receipts(app.app.get(getDataSourceToken()))).toEqual([
      { scope: 'HooksController.receive', id: 'evt_1', state: 'done' },
    ]);
  });

  describe('in the transaction of a handler', () => {
    /** A handler that writes an order, notes the webhook in the same transaction and then does what it is told. */
    async function startWith(after: (webhook: ReceivedWebhook) => void, inside = after) {
      const dataSource = await open();
      await dataSource.query('CREATE TABLE orders (id text)');
      const store = new TypeOrmReplayStore(dataSource, { clock });
      const app = await ReceiverApp.start({ receiver: { secrets: [SECRET], replay: { store } }, clock });
      apps.push(app);
      const handler = async (webhook: ReceivedWebhook): Promise<void> => {
        await dataSource.transaction(async (manager) => {
          await manager.query(`INSERT INTO orders VALUES ('${webhook.id}')`);
          await store.completeWithin(manager, webhook);
          inside(webhook);
        });
        after(webhook);
      };
      const orders = async (): Promise<number> => (await dataSource.query('SELECT id FROM orders')).length;
      return { app, handler, orders };
    }

    const fine = (): void => undefined;
    const fails = (): void => {
      throw new Error('failed');
    };

    it('is committed with it: a failure after the commit does not bring the message back', async () => {
      const { app, handler, orders } = await startWith(fails, fine);
      app.inbox.plans.push(handler);

      expect(await app.send(attempt('evt_1'))).toMatchObject({ status: 500 });
      expect(await app.send(attempt('evt_1'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
      expect([app.inbox.ids, await orders()]).toEqual([['evt_1'], 1]);
    });

    it('is rolled back with it: the next attempt is handled', async () => {
      const { app, handler, orders } = await startWith(fine, fails);
      app.inbox.plans.push(handler);

      expect(await app.send(attempt('evt_1'))).toMatchObject({ status: 500 });
      expect(await orders()).toBe(0);
      expect((await app.send(attempt('evt_1'))).headers).not.toHaveProperty('webhook-duplicate');
      expect(app.inbox.ids).toEqual(['evt_1', 'evt_1']);
    });

    it('agrees with what is noted after the handler', async () => {
      const { app, handler, orders } = await startWith(fine);
      app.inbox.plans.push(handler);

      expect(await app.send(attempt('evt_1'))).toMatchObject({ status: 201 });
      expect(await app.send(attempt('evt_1'))).toMatchObject({ headers: { 'webhook-duplicate': 'true' } });
      expect(await orders()).toBe(1);
      expect(app.logger.of('warn')).toEqual([]);
    });
  });

  it('notes nothing outside of a transaction, and no webhook that is not being handled', async () => {
    const dataSource = await open();
    const store = new TypeOrmReplayStore(dataSource, { clock });
    const app = await ReceiverApp.start({ receiver: { secrets: [SECRET], replay: { store } }, clock });
    apps.push(app);
    let noted: Promise<void> | undefined;
    app.inbox.plans.push((webhook) => {
      noted = store.completeWithin(dataSource.manager, webhook);
      return noted.catch(() => undefined);
    });
    await app.send(attempt('evt_1'));

    await expect(noted).rejects.toThrow('in no transaction');
    const stranger = { id: 'evt_2', timestamp: new Date(), attempt: null, body: {} };
    await expect(store.completeWithin(dataSource.manager, stranger)).rejects.toThrow('not being handled');
  });

  it('keeps a claim that was taken while the application was in a transaction of its own', async () => {
    const dataSource = await open();
    const store = new TypeOrmReplayStore(dataSource, { clock });
    let claimed: Promise<unknown> | undefined;

    await dataSource
      .transaction(async (manager) => {
        await manager.query('SELECT 1');
        claimed = store.claim(CLAIM, 60_000);
        throw new Error('rolled back');
      })
      .catch(() => undefined);

    expect(await claimed).toEqual({ state: 'taken' });
    expect(await receipts(dataSource)).toEqual([{ scope: 'Hooks.receive', id: 'evt_1', state: 'running' }]);
  });

  it('belongs to the token that took it', async () => {
    const store = new TypeOrmReplayStore(await open(), { clock });
    const other = { ...CLAIM, token: 'other' };

    expect(await store.claim(CLAIM, 60_000)).toEqual({ state: 'taken' });
    expect(await store.claim(other, 60_000)).toMatchObject({ state: 'running' });
    expect([await store.extend(other, 60_000), await store.complete(other, 60_000)]).toEqual([false, false]);
    await store.release(other);
    expect(await store.claim(other, 60_000)).toMatchObject({ state: 'running' });
    expect(await store.complete(CLAIM, 60_000)).toBe(true);
    await store.release(CLAIM);
    expect(await store.claim(other, 60_000)).toEqual({ state: 'done' });
  });

  it('tells the same id of two scopes apart', async () => {
    const store = new TypeOrmReplayStore(await open(), { clock });
    const elsewhere = { ...CLAIM, scope: 'Another.receive' };
    await store.claim(elsewhere, 60_000);
    await store.complete(elsewhere, 60_000);

    expect(await store.claim(CLAIM, 60_000)).toEqual({ state: 'taken' });
    expect(await store.claim({ ...CLAIM, token: 'other' }, 60_000)).toMatchObject({ state: 'running' });
    expect(await store.claim({ ...elsewhere, token: 'other' }, 60_000)).toEqual({ state: 'done' });
  });

  it('deletes what is past its time, in small steps, about once a minute', async () => {
    const dataSource = await open();
    const store = new TypeOrmReplayStore(dataSource, { clock });
    const values = Array.from(
      { length: 1_500 },
      (_, index) => `('s', 'old_${index}', 'done', 't', 1)`,
    ).join();
    await dataSource.query(`INSERT INTO webhook_receiver_receipts VALUES ${values}`);
    const handle = async (id: string): Promise<number> => {
      const claim = { ...CLAIM, id };
      await store.claim(claim, 60_000);
      await store.complete(claim, 600_000);
      return (await receipts(dataSource)).length;
    };

    expect(await handle('evt_1')).toBe(501);
    expect(await handle('evt_2')).toBe(2);
    clock.advance(601_000);
    expect(await handle('evt_3')).toBe(1);
    await dataSource.query(`INSERT INTO webhook_receiver_receipts VALUES ('s', 'old', 'done', 't', 1)`);
    expect(await handle('evt_4')).toBe(3);
    clock.advance(61_000);
    expect(await handle('evt_5')).toBe(3);
  });

  it('fails the boot while its table is missing, and names the cure', async () => {
    const dataSource = await open(false);

    await expect(start(dataSource)).rejects.toMatchObject({
      code: 'REPLAY_TABLE_MISSING',
      message: expect.stringContaining('...webhookReceiverMigrations()'),
    });
  });

  it('has a table of its own prefix, which the migration takes away again', async () => {
    const tables = { tablePrefix: 'inbox_' };
    const dataSource = await open(tables);
    const store = new TypeOrmReplayStore(dataSource, tables);
    await store.open();
    expect(await store.claim(CLAIM, 60_000)).toEqual({ state: 'taken' });
    expect(await receipts(dataSource, 'inbox_receipts')).toHaveLength(1);

    await dataSource.undoLastMigration();

    await expect(store.open()).rejects.toMatchObject({ code: 'REPLAY_TABLE_MISSING' });
  });

  it('has the table that its SQL text makes', async () => {
    const dialect = database.name;
    const dataSource = await open(false);
    for (const statement of webhookReceiverMigrationSql(dialect).split(';\n').filter(Boolean)) {
      await dataSource.query(statement);
    }
    const store = new TypeOrmReplayStore(dataSource);

    await store.open();
    expect(await store.claim(CLAIM, 60_000)).toEqual({ state: 'taken' });
  });
});

/** Resolves when a statement on the table waits for a lock. */
async function someoneWaits(dataSource: DataSource, table: string): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO "${table}"%'`;
  while ((await dataSource.query(sql)).length === 0);
}

describeDatabases(
  'the replay memory on PostgreSQL',
  (database) => {
    it('works in a schema', async () => {
      const options = await database.fresh();
      const admin = await new DataSource(options).initialize();
      await admin.query('CREATE SCHEMA incoming');
      await admin.destroy();
      const dataSource = await openDataSource(options, { schema: 'incoming' });
      const store = new TypeOrmReplayStore(dataSource, { schema: 'incoming' });

      await store.open();
      expect(await store.claim(CLAIM, 60_000)).toEqual({ state: 'taken' });
      expect(await dataSource.query('SELECT id FROM incoming.webhook_receiver_receipts')).toHaveLength(1);
      await dataSource.destroy();
    });

    it('takes no message that another process took in the same instant', async () => {
      const dataSource = await openDataSource(await database.fresh());
      const store = new TypeOrmReplayStore(dataSource);
      const table = 'webhook_receiver_receipts';
      let claimed: Promise<unknown> | undefined;

      await dataSource.transaction(async (manager) => {
        await manager.query(
          `INSERT INTO ${table} VALUES ('${CLAIM.scope}', 'evt_1', 'running', 'rival', ${Date.now() + 60_000})`,
        );
        claimed = store.claim(CLAIM, 60_000);
        await someoneWaits(dataSource, table);
      });

      expect(await claimed).toMatchObject({ state: 'running' });
      await dataSource.destroy();
    });

    it('answers a duplicate at once while a long transaction holds the message', async () => {
      const dataSource = await openDataSource(await database.fresh());
      const store = new TypeOrmReplayStore(dataSource);
      await store.claim(CLAIM, 60_000);

      await dataSource.transaction(async (manager) => {
        await manager.query(`UPDATE webhook_receiver_receipts SET state = 'done'`);

        expect(await store.claim({ ...CLAIM, token: 'other' }, 60_000)).toMatchObject({ state: 'running' });
      });
      expect(await store.claim({ ...CLAIM, token: 'other' }, 60_000)).toEqual({ state: 'done' });
      await dataSource.destroy();
    });
  },
  'postgres',
);
