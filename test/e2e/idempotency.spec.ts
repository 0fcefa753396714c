import { describeDatabases } from '../support/databases.js';
import { AirlineStatusChanged, OrderCreated } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

describeDatabases('an idempotency key', (database) => {
  const stage = useStage(database);

  it('gives the first event again for the same payload, and one delivery', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    const first = await host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'k' });
    const second = await host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'k' });

    expect(first.duplicate).toBe(false);
    expect(second).toEqual({ id: first.id, duplicate: true });
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.count('events')).toBe(1);
  });

  it('takes payloads as equal whose members are in another order', async () => {
    const host = await stage.host();
    const reordered = Object.assign(Object.create(OrderCreated.prototype) as object, {
      total: 1,
      pnr: null,
      order_id: 'A',
    });

    const first = await host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'k' });
    const second = await host.webhooks.publish(reordered, { idempotencyKey: 'k' });

    expect(JSON.stringify(reordered)).not.toBe(JSON.stringify(OrderCreated.of('A')));
    expect(second).toEqual({ id: first.id, duplicate: true });
  });

  it('refuses another payload, naming the first event, and writes nothing', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    const { id } = await host.webhooks.publish(OrderCreated.of('A', 1), { idempotencyKey: 'k' });

    const other = host.webhooks.publish(OrderCreated.of('A', 2), { idempotencyKey: 'k' });

    await expect(other).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      idempotencyKey: 'k',
      eventId: id,
    });
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.count('events')).toBe(1);
  });

  it('refuses another payload inside a transaction, which may go on without it', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A', 1), { idempotencyKey: 'k' });

    await host.webhooks.transaction(async () => {
      await host.webhooks.publish(OrderCreated.of('B'));
      const other = host.webhooks.publish(OrderCreated.of('A', 2), { idempotencyKey: 'k' });
      await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    });

    expect(await stage.arrivedOrders(host)).toEqual(['A', 'B']);
  });

  it('belongs to one tenant', async () => {
    const host = await stage.host();

    const results = await Promise.all(
      ['a', 'b'].map((tenant) =>
        host.webhooks.publish(OrderCreated.of('A'), { tenant, idempotencyKey: 'k' }),
      ),
    );

    expect(results.map(({ duplicate }) => duplicate)).toEqual([false, false]);
    expect(await host.count('events')).toBe(2);
  });

  it('is free again after a rollback, also of a savepoint', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    const publish = (): Promise<{ duplicate: boolean }> =>
      host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'k' });
    const rolledBack = host.webhooks.transaction(async () => {
      await publish();
      throw new Error('no seats left');
    });
    await expect(rolledBack).rejects.toThrow('no seats left');

    await host.webhooks.transaction(async () => {
      const savepoint = host.webhooks.transaction(async () => {
        expect(await publish()).toMatchObject({ duplicate: false });
        throw new Error('no meals left');
      });
      await expect(savepoint).rejects.toThrow('no meals left');
      expect(await publish()).toMatchObject({ duplicate: false });
    });

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('gives one event for 20 concurrent publishes', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const publish = (): ReturnType<typeof host.webhooks.publish> =>
          host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'k' });
        return n % 4 === 0 ? host.webhooks.transaction(publish) : publish();
      }),
    );

    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('lets one of several payloads win when they are published at once', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((total) => host.webhooks.publish(OrderCreated.of('A', total), { idempotencyKey: 'k' })),
    );

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('leaves no gap in the sequence', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    for (const total of [1, 1, 2, 2, 3]) {
      await host.webhooks.publish(OrderCreated.of('A', total), { idempotencyKey: `total-${total}` });
    }
    await host.webhooks.drain();

    const sequences = stage.receiver.requests.map((request) => dataOf(request)['sequence']);
    expect(sequences.sort()).toEqual([1, 2, 3]);
  });

  it('may be used twice within one transaction', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    const [first, second] = await host.webhooks.transaction(async () => [
      await host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'k' }),
      await host.webhooks.publish(OrderCreated.of('A'), { idempotencyKey: 'k' }),
    ]);

    expect(second).toEqual({ id: first!.id, duplicate: true });
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('also counts for events without a subject', async () => {
    const host = await stage.host();

    const first = await host.webhooks.publish(AirlineStatusChanged.of('IB'), { idempotencyKey: 'k' });
    const second = await host.webhooks.publish(AirlineStatusChanged.of('IB'), { idempotencyKey: 'k' });

    expect(second).toEqual({ id: first.id, duplicate: true });
    expect(await host.count('events')).toBe(1);
  });
});
