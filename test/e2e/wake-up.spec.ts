import type { DeliveryOptions } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { startHost } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

/** Whatever happens, happens without the regular look. */
const NO_LOOKS: DeliveryOptions = { sweepInterval: 3_600_000 };

describeDatabases(
  'a process that only publishes',
  (database) => {
    const stage = useStage(database);

    it('wakes those that send: nobody waits for the regular look', async () => {
      const office = await stage.host({ webhooks: { dispatch: false } });
      const worker = await stage.host({ webhooks: { delivery: NO_LOOKS } });
      await stage.subscribe(office);
      await worker.webhooks.drain();

      await office.webhooks.publish(OrderCreated.of('A'));
      await stage.receiver.waitFor(1);
      await office.webhooks.transaction(() => office.webhooks.publish(OrderCreated.of('B')));
      await stage.receiver.waitFor(2);

      expect(await stage.arrivedOrders(worker)).toEqual(['A', 'B']);
    });

    it('wakes them for what it resends, too', async () => {
      const office = await stage.host({ webhooks: { dispatch: false } });
      const worker = await stage.host({ webhooks: { delivery: NO_LOOKS } });
      await stage.subscribe(worker);
      await worker.webhooks.publish(OrderCreated.of('A'));
      await worker.webhooks.drain();
      const [{ id }] = (await office.dataSource.query('SELECT id FROM webhooks_deliveries')) as [
        { id: string },
      ];

      await office.get(DeliveriesService).resend(id);
      await stage.receiver.waitFor(2);

      expect(await stage.arrivedOrders(worker)).toEqual(['A', 'A']);
    });

    it('sends one message for many events', async () => {
      const messages: string[] = [];
      const onStatement = (sql: string): void => {
        if (sql.startsWith('NOTIFY')) messages.push(sql);
      };
      const office = await stage.host({ webhooks: { dispatch: false }, onStatement });
      const worker = await stage.host({ webhooks: { delivery: NO_LOOKS } });
      await stage.subscribe(office);
      await worker.webhooks.drain();

      const orders = Array.from({ length: 100 }, (_, n) => OrderCreated.of(`${n}`));
      await Promise.all(orders.map((order) => office.webhooks.publish(order)));
      await stage.receiver.waitFor(100);

      expect(messages.length).toBeGreaterThan(0);
      expect(messages.length).toBeLessThan(10);
    });

    it('sends none for a transaction that is rolled back, nor while it is open', async () => {
      const messages: string[] = [];
      const onStatement = (sql: string): void => {
        if (/^(NOTIFY|COMMIT)/.test(sql)) messages.push(sql.slice(0, 6));
      };
      const office = await stage.host({ webhooks: { dispatch: false }, onStatement });
      const worker = await stage.host({ webhooks: { delivery: NO_LOOKS } });
      await stage.subscribe(office);
      // Its first look is over: the next one is for the message.
      await worker.webhooks.drain();
      messages.length = 0;

      const failed = office.webhooks.transaction(async () => {
        await office.webhooks.publish(OrderCreated.of('A'));
        throw new Error('no seats left');
      });
      await expect(failed).rejects.toThrow('no seats left');
      await office.webhooks.transaction(() => office.webhooks.publish(OrderCreated.of('B')));
      await stage.receiver.waitFor(1);

      expect(messages).toEqual(['COMMIT', 'NOTIFY']);
      expect(await stage.arrivedOrders(worker)).toEqual(['B']);
    });

    it('is heard by a worker whose listening connection broke, with its next look', async () => {
      const office = await stage.host({ webhooks: { dispatch: false } });
      const worker = await stage.host();
      await stage.subscribe(office);
      await worker.webhooks.drain();
      await office.dataSource.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );

      await office.webhooks.publish(OrderCreated.of('A'));
      worker.clock.advance(5_000);
      await stage.receiver.waitFor(1);

      expect(await stage.arrivedOrders(worker)).toEqual(['A']);
      expect(worker.logger.of('error')).toEqual([]);
    });

    it('leaves a worker its only connection: that one has to look by itself', async () => {
      const office = await stage.host({ webhooks: { dispatch: false } });
      await stage.subscribe(office);
      const worker: Host = await startHost(Object.assign({}, stage.options, { poolSize: 1 }));

      try {
        await office.webhooks.publish(OrderCreated.of('A'));
        await worker.webhooks.drain();
        worker.clock.advance(5_000);
        await stage.receiver.waitFor(1);
      } finally {
        await worker.close();
      }

      expect(await stage.arrivedOrders(office)).toEqual(['A']);
    });
  },
  'postgres',
);

describeDatabases('what another process left', (database) => {
  const stage = useStage(database);

  it('is found by the first look of a process that starts', async () => {
    const office = await stage.host({ webhooks: { dispatch: false } });
    await stage.subscribe(office);
    await office.webhooks.publish(OrderCreated.of('A'));
    await office.close();

    await stage.host({ webhooks: { delivery: NO_LOOKS } });
    await stage.receiver.waitFor(1);

    expect(stage.receiver.requests).toHaveLength(1);
  });
});

describeDatabases(
  'where processes cannot wake each other',
  (database) => {
    const stage = useStage(database);

    it.each([30_000, 90_000])('the regular look finds what is left, every %d ms', async (sweepInterval) => {
      const worker = await stage.host({ webhooks: { delivery: { sweepInterval } } });
      const office = await stage.host({ webhooks: { dispatch: false }, clock: worker.clock });
      await stage.subscribe(office);
      await worker.webhooks.drain();
      await office.webhooks.publish(OrderCreated.of('A'));

      worker.clock.advance(sweepInterval - 15_000);
      await office.webhooks.publish(OrderCreated.of('B'));
      expect(stage.receiver.requests).toHaveLength(0);
      worker.clock.advance(15_000);
      await stage.receiver.waitFor(2);

      expect(await stage.arrivedOrders(worker)).toEqual(['A', 'B']);
    });
  },
  'sqlite',
);
