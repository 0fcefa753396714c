import type { EntityManager } from 'typeorm';
import { describeDatabases } from '../support/databases.js';
import { OrderCreated, OrderEntity } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

describeDatabases(
  'publishing in a transaction of a pool',
  (database) => {
    const stage = useStage(database);

    it('writes all events of one transaction in one INSERT', async () => {
      const statements: string[] = [];
      const host = await stage.host({ onStatement: (sql) => statements.push(sql) });
      await stage.subscribe(host);

      await host.webhooks.transaction(async () => {
        for (let n = 0; n < 50; n++) await host.webhooks.publish(OrderCreated.of(`A${n}`));
      });

      expect(statements.filter((sql) => sql.includes('INSERT INTO "webhooks_events"'))).toHaveLength(1);
      expect(await stage.arrivedOrders(host)).toHaveLength(50);
    });

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

    it('makes only those wait for an uncommitted idempotency key who want the same one', async () => {
      const host = await stage.host();
      await stage.subscribe(host);
      const publishKeyed = (manager?: EntityManager): ReturnType<typeof host.webhooks.publish> =>
        host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'k', ...(manager && { manager }) });
      let second: ReturnType<typeof publishKeyed> | undefined;

      const first = await host.dataSource.transaction(async (manager) => {
        const published = await publishKeyed(manager);
        second = publishKeyed();
        await new Promise(setImmediate);
        await host.webhooks.publish(OrderCreated.of('B'));
        return published;
      });

      expect(await second).toEqual({ id: first.id, duplicate: true });
      expect(await stage.arrivedOrders(host)).toEqual(['A', 'B']);
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
