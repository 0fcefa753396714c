import { describeDatabases } from '../support/databases.js';
import { OrderCreated, OrderEntity } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

describeDatabases(
  'publishing in a transaction of a pool',
  (database) => {
    const stage = useStage(database);

    it('sends nothing when a swallowed failure makes the server answer COMMIT with a rollback', async () => {
      const host = await stage.host();
      await stage.subscribe(host);

      await host.webhooks.transaction(async (manager) => {
        await manager.insert(OrderEntity, { id: 'A', tenant: 'default', total: 1 });
        await host.webhooks.publish(OrderCreated.of('A'));
        await manager.query('SELECT 1 / 0').catch(() => undefined);
      });

      expect(await stage.arrivedOrders(host)).toEqual([]);
      expect(await host.orders()).toEqual([]);
      expect(await host.count('events')).toBe(0);
    });

    it('keeps what was published before a failure inside a savepoint that was rolled back', async () => {
      const host = await stage.host();
      await stage.subscribe(host);

      await host.webhooks.transaction(async (manager) => {
        await host.webhooks.publish(OrderCreated.of('A'));
        await manager.transaction((nested) => nested.query('SELECT 1 / 0')).catch(() => undefined);
      });

      expect(await stage.arrivedOrders(host)).toEqual(['A']);
    });

    it('hands over nothing when the commit itself fails', async () => {
      const host = await stage.host();
      await stage.subscribe(host);
      await host.dataSource.query(
        'ALTER TABLE test_orders ADD CONSTRAINT one_total UNIQUE (total) DEFERRABLE INITIALLY DEFERRED',
      );

      const work = host.webhooks.transaction(async (manager) => {
        await manager.insert(OrderEntity, { id: 'A', tenant: 'default', total: 1 });
        await manager.insert(OrderEntity, { id: 'B', tenant: 'default', total: 1 });
        await host.webhooks.publish(OrderCreated.of('A'));
      });

      await expect(work).rejects.toThrow('one_total');
      expect(await stage.arrivedOrders(host)).toEqual([]);
      expect(await host.count('events')).toBe(0);
    });

    it('does not wait for transactions of others', async () => {
      const host = await stage.host();
      await stage.subscribe(host);

      await host.webhooks.transaction(async (manager) => {
        await host.webhooks.publish(OrderCreated.of('A'), { manager });
        await host.dataSource.transaction(async (other) => {
          await host.webhooks.publish(OrderCreated.of('B'), { manager: other });
        });
        expect(await stage.arrivedOrders(host)).toEqual(['B']);
      });

      expect(await stage.arrivedOrders(host)).toEqual(['A', 'B']);
    });
  },
  'postgres',
);
