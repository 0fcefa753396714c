import { describeDatabases } from '../../support/databases.js';
import type { HostOptions } from '../../support/host.js';
import { OrderCreated } from '../../support/order-events.js';
import type { Break, DatabaseScene, FaultyHost } from './database-scene.js';
import { CLEAN, orderIds, useDatabaseScene } from './database-scene.js';

/** TypeORM is left alone with the transaction that it does not know to be over. */
const doesNotNotice: Break = ({ dataSource }) => {
  const at = dataSource.subscribers.findIndex((each) => each.constructor.name === 'EndedTransactions');
  dataSource.subscribers.splice(at, 1);
};

/** Like a full disk does, and a failing one: the transaction is over, not only the statement. */
async function endTransactionsOf(host: FaultyHost): Promise<void> {
  await host.dataSource.query(`CREATE TRIGGER fussy BEFORE INSERT ON test_orders FOR EACH ROW
    WHEN (NEW.id LIKE 'gone%') BEGIN SELECT RAISE(ROLLBACK, 'not here'); END`);
}

async function start(scene: DatabaseScene, options: HostOptions, breakIt?: Break): Promise<FaultyHost> {
  const host = await scene.host(options);
  breakIt?.(host);
  await scene.subscribe(host);
  await endTransactionsOf(host);
  await scene.placeAll(host, orderIds('before', 3));
  return host;
}

describeDatabases(
  'a transaction that SQLite has ended by itself',
  (database) => {
    const scene = useDatabaseScene(database);

    const KINDS: [string, HostOptions][] = [
      ['a serial data source', {}],
      ['a plain data source', { plainDataSource: true }],
    ];

    it.each(KINDS)('takes nothing of later ones with it, on %s', async (_name, options) => {
      const host = await start(scene, options);
      expect(await scene.placeAll(host, orderIds('gone', 3))).toEqual(orderIds('gone', 3));
      expect(await scene.placeAll(host, orderIds('after', 3))).toEqual([]);
      expect(await scene.verdict(host)).toEqual(CLEAN);
      expect(await host.orders()).toHaveLength(6);
    });

    it.each(KINDS)(
      'has the events of all later ones lost, did nobody notice, on %s',
      async (_name, options) => {
        const host = await start(scene, options, doesNotNotice);
        await scene.placeAll(host, ['gone']);
        expect(await scene.placeAll(host, orderIds('after', 3))).toEqual([]);
        expect((await scene.verdict(host)).lost).toEqual(orderIds('after', 3));
      },
    );

    it('is not committed when its error is swallowed', async () => {
      const host = await start(scene, {});
      scene.attempt('first', 'gone');
      const swallowing = host.webhooks.transaction(async (manager) => {
        await manager.query(`INSERT INTO test_orders (id, tenant, total) VALUES ('first', 'default', 1)`);
        await host.webhooks.publish(OrderCreated.of('first'));
        await manager.query(`INSERT INTO test_orders (id) VALUES ('gone')`).catch(() => undefined);
      });
      await expect(swallowing).rejects.toThrow('no transaction is active');
      expect(await scene.placeAll(host, ['after'])).toEqual([]);
      expect(await scene.verdict(host)).toEqual(CLEAN);
    });

    it('takes no idempotency key after its end', async () => {
      const host = await start(scene, {});
      const options = { idempotencyKey: 'once' };
      const swallowing = host.webhooks.transaction(async (manager) => {
        await manager.query(`INSERT INTO test_orders (id) VALUES ('gone')`).catch(() => undefined);
        await host.webhooks.publish(OrderCreated.of('A'), options);
      });
      await expect(swallowing).rejects.toThrow('in no transaction');
      await host.webhooks.publish(OrderCreated.of('A'), options);
      await host.webhooks.drain();
      expect(scene.receiver.requests.map(({ orderId }) => orderId)).toContain('A');
    });

    it.each([
      ['inside of a savepoint is lost as a whole, although only the savepoint failed', false],
      ['inside of a savepoint is lost as a whole, although nothing seems to have failed', true],
    ])('%s', async (_name, isSwallowedInside) => {
      const host = await start(scene, {});
      const swallow = (work: Promise<unknown>): Promise<unknown> =>
        isSwallowedInside ? work.catch(() => undefined) : work;
      const outer = scene.place(host, 'first', async () => {
        const inner = host.webhooks.transaction((manager) =>
          swallow(manager.query(`INSERT INTO test_orders (id) VALUES ('gone')`)),
        );
        await inner.catch(() => undefined);
        await host.webhooks.publish(OrderCreated.of('first'));
      });
      await expect(outer).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' });
      expect(await scene.placeAll(host, ['after'])).toEqual([]);
      expect(await scene.verdict(host)).toEqual(CLEAN);
      expect(await host.orders()).not.toContain('first');
    });
  },
  'sqlite',
);
