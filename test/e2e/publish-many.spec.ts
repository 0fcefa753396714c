import { describeDatabases } from '../support/databases.js';
import { AirlineStatusChanged, OrderCreated, OrderEntity } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

describeDatabases('publishMany', (database) => {
  const stage = useStage(database);

  it('publishes all of them, in their order, each with its own options', async () => {
    const host = await stage.host();
    await stage.subscribe(host, { tenant: 'a', url: stage.receiver.url('/a') });
    await stage.subscribe(host, { tenant: 'b', url: stage.receiver.url('/b') });

    const published = await host.webhooks.publishMany([
      { event: OrderCreated.of('A', 1), tenant: 'a' },
      { event: OrderCreated.of('A', 2), tenant: 'a', idempotencyKey: 'second' },
      { event: OrderCreated.of('A', 3), tenant: 'b', subject: 'something else' },
    ]);
    await host.webhooks.drain();

    const arrived = stage.receiver.requests.map(({ path, headers, body }) => {
      const { data } = JSON.parse(body) as { data: Record<string, unknown> };
      return [headers['webhook-id'], path, data['total'], data['sequence']];
    });
    const [first, second, third] = published.map(({ id }) => id);
    expect(arrived.sort((left, right) => Number(left[2]) - Number(right[2]))).toEqual([
      [first, '/a', 1, 1],
      [second, '/a', 2, 2],
      [third, '/b', 3, 1],
    ]);
    expect(published.map(({ duplicate }) => duplicate)).toEqual([false, false, false]);
  });

  it('takes events without options, and of several types', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await host.webhooks.publishMany([OrderCreated.of('A'), AirlineStatusChanged.of('IB')]);
    await host.webhooks.drain();

    const types = stage.receiver.requests.map((request) => dataOf(request)['event_type']);
    expect(types.sort()).toEqual(['AirlineStatusChanged', 'OrderCreated']);
  });

  it.each<[string, object, string]>([
    ['invalid', OrderCreated.of('B', 'many' as unknown as number), 'EVENT_INVALID'],
    ['unknown', new (class Nobody {})(), 'UNKNOWN_EVENT_TYPE'],
    ['too large', AirlineStatusChanged.of('x'.repeat(300_000)), 'EVENT_TOO_LARGE'],
  ])('publishes none of them when one is %s', async (_title, event, code) => {
    const host = await stage.host();
    await stage.subscribe(host);

    const work = host.webhooks.publishMany([OrderCreated.of('A'), event, OrderCreated.of('C')]);

    await expect(work).rejects.toMatchObject({ code });
    expect(await stage.arrivedOrders(host)).toEqual([]);
    expect(await host.count('events')).toBe(0);
  });

  it('publishes none of them when a key of one belongs to another event', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A', 1), { idempotencyKey: 'taken' });

    const work = host.webhooks.publishMany([
      { event: OrderCreated.of('B'), idempotencyKey: 'free' },
      { event: OrderCreated.of('A', 2), idempotencyKey: 'taken' },
    ]);

    await expect(work).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.count('events')).toBe(1);
    expect(await host.count('idempotency_keys')).toBe(1);
    await host.webhooks.publish(OrderCreated.of('B'), { idempotencyKey: 'free' });
    expect(await stage.arrivedOrders(host)).toEqual(['A', 'B']);
  });

  it('gives the first event for a key that it used before, and publishes the others', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    const before = await host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'once' });

    const [again, other] = await host.webhooks.publishMany([
      { event: OrderCreated.of('A'), idempotencyKey: 'once' },
      OrderCreated.of('B'),
    ]);

    expect(again).toEqual({ id: before.id, duplicate: true });
    expect(other).toMatchObject({ duplicate: false });
    expect(await stage.arrivedOrders(host)).toEqual(['A', 'B']);
  });

  it('vanishes with the transaction around it', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    const work = host.webhooks.transaction(async (manager) => {
      await manager.insert(OrderEntity, { id: 'A', tenant: 'default', total: 1 });
      await host.webhooks.publishMany([OrderCreated.of('A'), OrderCreated.of('B')]);
      throw new Error('no seats left');
    });

    await expect(work).rejects.toThrow('no seats left');
    expect(await stage.arrivedOrders(host)).toEqual(await host.orders());
    expect(await host.count('events')).toBe(0);
  });

  it('commits with the transaction whose manager it is given', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await host.webhooks.transaction(async (manager) => {
      for (const id of ['A', 'B']) await manager.insert(OrderEntity, { id, tenant: 'default', total: 1 });
      await host.webhooks.publishMany([OrderCreated.of('A'), OrderCreated.of('B')], { manager });
      expect(stage.receiver.requests).toHaveLength(0);
    });

    expect(await stage.arrivedOrders(host)).toEqual(await host.orders());
    expect(stage.receiver.requests).toHaveLength(2);
  });

  it('hands over none of many events when the commit fails', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    const orders = Array.from({ length: 300 }, (_, n) => OrderCreated.of(`${n}`));

    const work = host.webhooks.transaction(async (manager) => {
      await host.webhooks.publishMany(orders);
      await manager.query('INSERT INTO no_such_table VALUES (1)');
    });

    await expect(work).rejects.toThrow('no_such_table');
    expect(await stage.arrivedOrders(host)).toEqual([]);
    expect(await host.count('events')).toBe(0);
    expect((await host.webhooks.publishMany(orders)).length).toBe(300);
    expect(await stage.arrivedOrders(host)).toHaveLength(300);
  });

  it('of nothing does nothing', async () => {
    const host = await stage.host();

    expect(await host.webhooks.publishMany([])).toEqual([]);
    expect(await host.count('events')).toBe(0);
  });
});
