import { describeDatabases } from '../support/databases.js';
import { untilLetGo } from '../support/let-go.js';
import { EVENTS, OrderCanceled, OrderCreated } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

describeDatabases('an event', (database) => {
  const stage = useStage(database);

  it('reaches each of 30 subscriptions once, with the same id', async () => {
    const host = await stage.host();
    const paths = Array.from({ length: 30 }, (_, n) => `/hook/${n}`);
    for (const path of paths) await stage.subscribe(host, { url: stage.receiver.url(path) });

    const { id } = await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    expect(stage.receiver.requests.map(({ path }) => path).sort()).toEqual([...paths].sort());
    expect(new Set(stage.receiver.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([id]),
    );
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(30);
    expect(await host.count('events', 'due_at IS NULL')).toBe(1);
  });

  it('is tried again only for the subscription that failed', async () => {
    const host = await stage.host();
    for (const path of ['/good', '/bad']) await stage.subscribe(host, { url: stage.receiver.url(path) });
    stage.receiver.answer('/bad', 500, 204);

    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    host.clock.advance(7_000);
    await host.webhooks.drain();

    expect(stage.receiver.requestsTo('/good')).toHaveLength(1);
    expect(stage.receiver.requestsTo('/bad')).toHaveLength(2);
  });

  it('goes to those who asked for its type, by name, alias or wildcard', async () => {
    const host = await stage.host();
    const wishes = {
      name: ['OrderCreated'],
      alias: ['order.created'],
      some: ['Order*'],
      all: ['*'],
      other: ['Air*'],
    };
    for (const [path, event_types] of Object.entries(wishes)) {
      await stage.subscribe(host, { url: stage.receiver.url(`/${path}`), event_types });
    }

    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.publish(OrderCanceled.of('A'));
    await host.webhooks.drain();

    const arrived = Object.keys(wishes).map((path) =>
      stage.receiver
        .requestsTo(`/${path}`)
        .map((request) => dataOf(request)['event_type'])
        .sort(),
    );
    const both = ['OrderCanceled', 'OrderCreated'];
    expect(arrived).toEqual([['OrderCreated'], ['OrderCreated'], both, both, []]);
  });

  it('does not reach a subscription that is made after it', async () => {
    const publisher = await stage.host({ webhooks: { dispatch: false } });
    await stage.subscribe(publisher, { url: stage.receiver.url('/before') });
    await publisher.webhooks.publish(OrderCreated.of('A'));
    publisher.clock.advance(10);
    await stage.subscribe(publisher, { url: stage.receiver.url('/after') });

    const host = await stage.host();

    expect(await stage.arrivedOrders(host, '/before')).toEqual(['A']);
    expect(await stage.arrivedOrders(host, '/after')).toEqual([]);
  });

  it('is kept without any subscription', async () => {
    const host = await stage.host();

    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    await stage.subscribe(host);

    expect(await stage.arrivedOrders(host)).toEqual([]);
    expect(await host.count('events', 'due_at IS NULL')).toBe(1);
  });

  it('published on one replica reaches a subscription made on another one', async () => {
    const first = await stage.host();
    const second = await stage.host();
    await stage.subscribe(first, { url: stage.receiver.url('/first') });
    await first.webhooks.publish(OrderCreated.of('A'));
    await first.webhooks.drain();

    // The first one still knows the set of before.
    await stage.subscribe(second, { url: stage.receiver.url('/second') });
    await first.webhooks.publish(OrderCreated.of('B'));

    expect(await stage.arrivedOrders(first, '/first')).toEqual(['A', 'B']);
    expect(await stage.arrivedOrders(first, '/second')).toEqual(['B']);
  });

  it('of a type that one replica does not know yet is left to one that does', async () => {
    const old = await stage.host({ events: EVENTS.filter((each) => each !== OrderCanceled) });
    await stage.subscribe(old);
    const publisher = await stage.host({ webhooks: { dispatch: false } });

    await publisher.webhooks.publish(OrderCanceled.of('A'));
    expect(await stage.arrivedOrders(old)).toEqual([]);
    const renewed = await stage.host();
    renewed.clock.advance(10_000);

    expect(await stage.arrivedOrders(renewed)).toEqual(['A']);
    expect(await renewed.count('deliveries', `state = 'succeeded'`)).toBe(1);
  });
});

describeDatabases('a subscription', (database) => {
  const stage = useStage(database);

  it('that is paused gets its events when it is resumed', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    await host.subscriptions.pause(id);
    for (const order of ['A', 'B']) await host.webhooks.publish(OrderCreated.of(order));
    expect(await stage.arrivedOrders(host)).toEqual([]);
    expect(await host.count('deliveries', `state = 'held'`)).toBe(2);

    await host.subscriptions.resume(id);

    expect(await stage.arrivedOrders(host)).toEqual(['A', 'B']);
  });

  it('that is paused between two attempts waits with the next', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    stage.receiver.answer('/hook', 500, 204);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    await host.subscriptions.pause(id);
    host.clock.advance(10_000);
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    await host.subscriptions.resume(id);

    expect(await stage.arrivedOrders(host)).toEqual(['A', 'A']);
  });

  it('that is disabled gets nothing, and nothing by being enabled', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    await host.subscriptions.disable(id);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    await host.subscriptions.enable(id);
    expect(await stage.arrivedOrders(host)).toEqual([]);
    await host.webhooks.publish(OrderCreated.of('B'));

    expect(await stage.arrivedOrders(host)).toEqual(['B']);
  });

  it('that is deleted gets no further attempt', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    stage.receiver.answer('/hook', 500);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    await host.subscriptions.delete(id);
    host.clock.advance(100_000_000);

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.count('deliveries', `state = 'canceled'`)).toBe(1);
  });

  it('that is deleted while its deliveries wait in the queue gets none of them', async () => {
    const publisher = await stage.host({ webhooks: { dispatch: false } });
    const { id } = await stage.subscribe(publisher, { limits: { retry_schedule: [3_600] } });
    for (const order of ['A', 'B', 'C']) await publisher.webhooks.publish(OrderCreated.of(order));
    stage.receiver.answer('/hook', 500);
    const makeDue = await stage.host();
    await makeDue.webhooks.drain();
    await makeDue.close();
    const { until, letGo } = untilLetGo();
    stage.receiver.answer('/hook', { until, status: 204 });
    stage.receiver.clear();

    // They have rows now: one is under way, two wait for their turn.
    const host = await stage.host({ webhooks: { delivery: { concurrencyPerSubscription: 1 } } });
    await host.webhooks.drain();
    host.clock.advance(2 * 3_600_000);
    await stage.receiver.waitFor(1);
    await host.subscriptions.delete(id);
    letGo();
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(1);
    expect(await host.count('deliveries', `state = 'canceled'`)).toBe(3);
  });

  it('gets a retry where it is now, also when another replica moved it', async () => {
    const host = await stage.host();
    const other = await stage.host();
    stage.receiver.answer('/hook', 500);
    const { id } = await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    await other.subscriptions.update(id, { url: stage.receiver.url('/moved') });
    host.clock.advance(10_000);

    expect(await stage.arrivedOrders(host, '/moved')).toEqual(['A']);
  });
});
