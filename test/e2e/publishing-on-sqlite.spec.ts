import { describeDatabases } from '../support/databases.js';
import { OrderCreated, OrderEntity } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

describeDatabases(
  'publishing while somebody else has a transaction on the one connection',
  (database) => {
    const stage = useStage(database);

    it('waits for its end, and is not part of it', async () => {
      const host = await stage.host();
      await stage.subscribe(host);
      const runner = host.dataSource.createQueryRunner();
      await runner.startTransaction();
      await runner.manager.insert(OrderEntity, { id: 'A', tenant: 'default', total: 1 });

      const published = host.webhooks.publish(OrderCreated.of('B'));
      await runner.rollbackTransaction();
      await published;

      expect(await stage.arrivedOrders(host)).toEqual(['B']);
      expect(await host.orders()).toEqual([]);
    });

    it('notices the end of one that was begun by hand', async () => {
      const host = await stage.host();
      await stage.subscribe(host);
      await host.dataSource.query('BEGIN');

      const published = host.webhooks.publish(OrderCreated.of('A'));
      await host.dataSource.query('COMMIT');
      await published;

      expect(await stage.arrivedOrders(host)).toEqual(['A']);
    });

    it('gives up after two seconds, for all that wait, and tells the cure', async () => {
      const host = await stage.host();
      const runner = host.dataSource.createQueryRunner();
      await runner.startTransaction();
      const ids = Array.from({ length: 30 }, (_, n) => `${n}`);
      const startedAt = performance.now();

      const outcomes = await Promise.allSettled(ids.map((id) => host.webhooks.publish(OrderCreated.of(id))));
      const waited = performance.now() - startedAt;
      await runner.commitTransaction();

      expect(outcomes).toEqual(
        ids.map(() => ({
          status: 'rejected',
          reason: expect.objectContaining({
            code: 'PUBLISH_INSIDE_FOREIGN_TRANSACTION',
            message: expect.stringContaining('webhooks.transaction()'),
          }) as unknown,
        })),
      );
      // One after the other they would have waited a minute.
      expect(waited).toBeLessThan(20_000);
      expect(await host.count('events')).toBe(0);
    });
  },
  'sqlite',
);

describeDatabases(
  "transactions of webhooks.transaction on a host's plain data source",
  (database) => {
    const stage = useStage(database);

    it('take turns: a rollback takes nothing of the others with it', async () => {
      const host = await stage.host({ plainDataSource: true });
      await stage.subscribe(host);
      const ids = ['A', 'B', 'C', 'D', 'E'];

      const outcomes = await Promise.allSettled(
        ids.map((id) =>
          host.webhooks.transaction(async (manager) => {
            await manager.insert(OrderEntity, { id, tenant: 'default', total: 1 });
            await host.webhooks.publish(OrderCreated.of(id));
            await manager.find(OrderEntity);
            if (id === 'C') throw new Error('no seats left');
          }),
        ),
      );

      expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
      expect(await host.orders()).toEqual(['A', 'B', 'D', 'E']);
      expect(await stage.arrivedOrders(host)).toEqual(['A', 'B', 'D', 'E']);
    });
  },
  'sqlite',
);
