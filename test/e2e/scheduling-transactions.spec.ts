import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { Milestones, saveOrder, scheduleOf, withMilestones } from '../support/milestones.js';
import { AirlineStatusChanged, OrderCreated, OrderEntity } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const A_DAY = 86_400_000;

describeDatabases('scheduling in the transaction of the caller', (database) => {
  const stage = useStage(database);
  let host: Host;

  beforeEach(async () => {
    host = await stage.host(withMilestones());
    await stage.subscribe(host);
  });

  const inMs = (ms: number): Date => new Date(host.clock.now() + ms);
  const schedule = (key: string, at = inMs(0), options: object = {}): Promise<boolean> =>
    host.webhooks.schedule(OrderCreated, { key, at, ...options });
  const save = { tenant: 'default', total: 1 };

  it('commits with the business rows, and fires at once without anybody asking', async () => {
    await host.webhooks.transaction(async (manager) => {
      await manager.save(OrderEntity, { id: 'A', ...save });
      await schedule('A');
      expect(host.get(Milestones).asked).toEqual([]);
    });
    await stage.receiver.waitFor(1);
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('is not there after a rollback, and leaves what was there as it was', async () => {
    const at = inMs(A_DAY);
    await schedule('moved', at);
    await schedule('taken back', at);
    const before = await host.webhooks.scheduled();
    const failing = host.webhooks.transaction(async () => {
      await schedule('new');
      await schedule('moved', inMs(2 * A_DAY));
      await host.webhooks.unschedule(OrderCreated, 'taken back');
      throw new Error('no seats left');
    });
    await expect(failing).rejects.toThrow('no seats left');
    expect(await host.webhooks.scheduled()).toEqual(before);
    expect(before.map(({ key }) => key)).toEqual(['moved', 'taken back']);
  });

  it('goes with its savepoint, not with the transaction around it', async () => {
    await saveOrder(host, 'outer');
    await saveOrder(host, 'inner');
    await host.webhooks.transaction(async () => {
      await schedule('outer');
      const inner = host.webhooks.transaction(async () => {
        await schedule('inner');
        await schedule('outer', inMs(A_DAY));
        throw new Error('only the inner one');
      });
      await expect(inner).rejects.toThrow('only the inner one');
    });
    expect(await stage.arrivedOrders(host)).toEqual(['outer']);
    expect(await scheduleOf(host, 'inner')).toBeUndefined();
  });

  it('joins the transaction of a manager that it is given', async () => {
    await saveOrder(host, 'A');
    await host.dataSource.transaction(async (manager) => {
      await schedule('A', inMs(0), { manager });
      await schedule('B', inMs(0), { manager });
      expect(await host.webhooks.unschedule(OrderCreated, 'B', { manager })).toBe(true);
    });
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await scheduleOf(host, 'B')).toMatchObject({ state: 'canceled' });
  });

  it('belongs to the transaction also when nobody waits for it', async () => {
    await saveOrder(host, 'A');
    await host.webhooks.transaction(async (manager) => {
      await manager.save(OrderEntity, { id: 'B', ...save });
      void schedule('A');
    });
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('refuses a manager that is in no transaction', async () => {
    const { manager } = host.dataSource;
    await expect(schedule('A', inMs(0), { manager })).rejects.toMatchObject({
      code: 'PUBLISH_OUTSIDE_TRANSACTION',
      message: expect.stringContaining('schedule()') as unknown,
    });
    await expect(host.webhooks.unschedule(OrderCreated, 'A', { manager })).rejects.toMatchObject({
      code: 'PUBLISH_OUTSIDE_TRANSACTION',
    });
    expect(await host.count('schedules')).toBe(0);
  });

  it.each([
    ['an empty key', { key: '' }, 'key'],
    ['no key', { key: undefined }, 'key'],
    ['a key that no database can store', { key: 'a\u0000b' }, 'key'],
    ['an endless subject', { subject: 'x'.repeat(256) }, 'subject'],
    ['an empty tenant', { tenant: '' }, 'tenant'],
    ['no date', { at: new Date('soon') }, 'at'],
  ])('refuses %s', async (_, options, path) => {
    await expect(schedule('A', inMs(0), options)).rejects.toMatchObject({
      code: 'EVENT_INVALID',
      issues: [{ path }],
    });
    expect(await host.count('schedules')).toBe(0);
  });

  it('refuses data of more than 256 kB, and a class that is not registered', async () => {
    const data = 'x'.repeat(256 * 1024);
    await expect(schedule('A', inMs(0), { data })).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
    class Unknown {}
    await expect(host.webhooks.schedule(Unknown, { key: 'A', at: inMs(0) })).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
    });
  });

  it('publishes nothing of a builder whose transaction is rolled back', async () => {
    await saveOrder(host, 'A');
    host.get(Milestones).onBuild = async (_, manager) => {
      await manager.save(OrderEntity, { id: 'half', ...save });
      await host.webhooks.publish(AirlineStatusChanged.of('IB'));
      await host.webhooks.schedule(OrderCreated, { key: 'next', at: inMs(A_DAY) });
      throw new Error('not today');
    };
    await schedule('A');
    expect(await stage.arrivedOrders(host)).toEqual([]);
    expect(await host.count('events')).toBe(0);
    expect(await host.orders()).toEqual(['A']);
    expect(await scheduleOf(host, 'next')).toBeUndefined();
  });
});

describeDatabases(
  'scheduling while somebody else has a transaction on the one connection',
  (database) => {
    const stage = useStage(database);

    it('gives up after two seconds and tells the cure; nothing is written', async () => {
      const host = await stage.host(withMilestones());
      const runner = host.dataSource.createQueryRunner();
      await runner.startTransaction();
      const scheduled = host.webhooks.schedule(OrderCreated, { key: 'A', at: new Date() });
      await expect(scheduled).rejects.toMatchObject({ code: 'PUBLISH_INSIDE_FOREIGN_TRANSACTION' });
      await runner.commitTransaction();
      expect(await host.count('schedules')).toBe(0);
    });
  },
  'sqlite',
);
