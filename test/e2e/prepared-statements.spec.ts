import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated, OrderEntity } from '../support/order-events.js';
import { useStage } from '../support/stage.js';
import { TransactionPooler } from '../support/transaction-pooler.js';

/** One connection is all there is, so that a test asks the very one that published. */
const POOL_OF_ONE = { extra: { max: 1 } };

describeDatabases(
  'prepared statements',
  (database) => {
    const stage = useStage(database);
    let pooler: TransactionPooler | undefined;

    afterEach(async () => {
      await pooler?.close();
      pooler = undefined;
    });

    async function behindPooler(): Promise<void> {
      pooler = await TransactionPooler.start((stage.options as { url: string }).url);
    }

    function start(webhooks: object = {}): Promise<Host> {
      const url = pooler?.url ?? (stage.options as { url: string }).url;
      stage.options = { ...stage.options, ...POOL_OF_ONE, url } as typeof stage.options;
      return stage.host({ webhooks: { dispatch: false, ...webhooks } });
    }

    async function prepared(host: Host): Promise<string[]> {
      const rows = (await host.dataSource.query(
        `SELECT statement FROM pg_prepared_statements WHERE name LIKE 'webhooks_%'`,
      )) as { statement: string }[];
      return rows.map(({ statement }) => statement);
    }

    function order(host: Host, id: string): Promise<void> {
      return host.dataSource.transaction(async (manager) => {
        await manager.insert(OrderEntity, { id, tenant: 'default', total: 1 });
        await host.webhooks.publish(OrderCreated.of(id), { manager });
      });
    }

    it('are kept for publishing, once each, however often it is done', async () => {
      const host = await start();
      for (let n = 0; n < 20; n++) await order(host, `order-${n}`);
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => host.webhooks.publish(OrderCreated.of(`g-${n}`))),
      );

      const statements = await prepared(host);
      expect(statements.length).toBeGreaterThan(0);
      expect(new Set(statements).size).toBe(statements.length);
      expect(statements.every((sql) => sql.includes('INSERT INTO "webhooks_events"'))).toBe(true);
      expect(await host.count('events')).toBe(40);
    });

    it('are not made when the option says so', async () => {
      const host = await start({ preparedStatements: false });
      await order(host, 'A');

      expect(await prepared(host)).toEqual([]);
      expect(await host.count('events')).toBe(1);
    });

    it('are not made behind a pooler, which is noticed at boot', async () => {
      await behindPooler();
      const host = await start();
      for (let n = 0; n < 10; n++) await order(host, `order-${n}`);

      expect([...(await prepared(host)), ...(await prepared(host))]).toEqual([]);
      expect(await host.orders()).toHaveLength(10);
      expect(await host.count('events')).toBe(10);
    });

    it('that get lost behind a pooler cost one transaction, and are given up', async () => {
      await behindPooler();
      const host = await start({ preparedStatements: true });
      await order(host, 'A');

      await expect(order(host, 'B')).rejects.toThrow('does not exist');
      await order(host, 'C');
      await order(host, 'D');

      expect(await host.orders()).toEqual(['A', 'C', 'D']);
      expect(await host.count('events')).toBe(3);
      expect(host.logger.lines.filter((line) => line.includes('preparedStatements: false'))).toHaveLength(1);
    });

    it('that the host has removed fail no publishing outside of transactions', async () => {
      const host = await start();
      await host.webhooks.publish(OrderCreated.of('A'));
      await host.dataSource.query('DEALLOCATE ALL');

      await host.webhooks.publish(OrderCreated.of('B'));

      expect(await host.count('events')).toBe(2);
    });
  },
  'postgres',
);
