import type { BeforeApplicationShutdown } from '@nestjs/common';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import { untilLetGo } from '../support/let-go.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const SLOWLY = { status: 204, delayMs: 150 };
/** The default. */
const LEASE_MS = 60_000;

/** Calls back when a host that is being closed waits for nothing but what is under way. */
function onceItBeginsNothingMore(host: Host, callBack: () => void): void {
  const dispatcher = partOf<BeforeApplicationShutdown>(host, 'Dispatcher');
  const finish = dispatcher.beforeApplicationShutdown.bind(dispatcher);
  dispatcher.beforeApplicationShutdown = () => {
    callBack();
    return finish();
  };
}

describeDatabases('closing the application', (database) => {
  const stage = useStage(database);

  it('lets the attempt under way finish and puts it on record', async () => {
    stage.receiver.answer('/hook', SLOWLY);
    const host = await stage.host();
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await stage.receiver.waitFor(1);

    await host.close();
    const next = await stage.host();

    expect(await next.count('deliveries', `state = 'succeeded'`)).toBe(1);
    expect(await next.count('attempts', 'status = 204')).toBe(1);
    expect(await next.count('events', 'due_at IS NULL')).toBe(1);
    expect(await stage.arrivedOrders(next)).toEqual(['A']);
  });

  it('gives back what has not begun: the next process sends it at once, and nothing twice', async () => {
    const host = await stage.host({ webhooks: { delivery: { concurrency: 1 } } });
    await stage.subscribe(host);
    const { until, letGo } = untilLetGo();
    stage.receiver.answer('/hook', { status: 204, until }, 204);
    await host.webhooks.publishMany(['A', 'B', 'C', 'D'].map((order) => ({ event: OrderCreated.of(order) })));
    await stage.receiver.waitFor(1);

    onceItBeginsNothingMore(host, letGo);
    await host.close();
    const sentBefore = stage.receiver.requests.length;
    const next = await stage.host();

    expect(sentBefore).toBe(1);
    expect(await stage.arrivedOrders(next)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('gives back the rows of an event with many subscriptions, sent or not', async () => {
    const host = await stage.host({ webhooks: { delivery: { concurrency: 2 } } });
    const paths = Array.from({ length: 12 }, (_, n) => `/hook/${n}`);
    for (const path of paths) await stage.subscribe(host, { url: stage.receiver.url(path) });
    stage.receiver.answer('*', SLOWLY);
    await host.webhooks.publish(OrderCreated.of('A'));
    await stage.receiver.waitFor(2);

    await host.close();
    stage.receiver.answer('*', 204);
    const next = await stage.host();
    await next.webhooks.drain();

    expect(stage.receiver.requests.map(({ path }) => path).sort()).toEqual([...paths].sort());
    expect(await next.count('deliveries', `state = 'succeeded'`)).toBe(12);
  });

  it('right after a commit keeps the event for the next process, without waiting for the lease', async () => {
    const host = await stage.host();
    const paths = Array.from({ length: 12 }, (_, n) => `/hook/${n}`);
    for (const path of paths) await stage.subscribe(host, { url: stage.receiver.url(path) });
    const startedAt = performance.now();

    await host.webhooks.publish(OrderCreated.of('A'));
    await host.close();
    const closedWithin = performance.now() - startedAt;
    const next = await stage.host();
    await next.webhooks.drain();

    expect(closedWithin).toBeLessThan(LEASE_MS / 2);
    expect(stage.receiver.requests.map(({ path }) => path).sort()).toEqual([...paths].sort());
  });

  it('while a transaction commits loses nothing of it', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    let closing: Promise<void> | undefined;

    const committed = await host.webhooks
      .transaction(async () => {
        await host.webhooks.publish(OrderCreated.of('A'));
        closing = host.close();
      })
      .then(
        () => true,
        () => false,
      );
    await closing;
    const next = await stage.host();

    expect(await stage.arrivedOrders(next)).toEqual(committed ? ['A'] : []);
  });

  it('waits no longer than drainTimeout, and puts the attempt it then ends on record as failed', async () => {
    stage.receiver.answer('/hook', { kind: 'hang' }, 204);
    const host = await stage.host({
      webhooks: { delivery: { drainTimeout: 100, timeout: LEASE_MS, lease: 2 * LEASE_MS } },
    });
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await stage.receiver.waitFor(1);
    const startedAt = performance.now();

    await host.close();
    const closedWithin = performance.now() - startedAt;
    const next = await stage.host();

    expect(closedWithin).toBeLessThan(LEASE_MS / 2);
    expect(await next.count('attempts', `error = 'CONNECTION_RESET'`)).toBe(1);
    next.clock.advance(10_000);
    expect(await stage.arrivedOrders(next)).toEqual(['A', 'A']);
    expect(await next.count('deliveries', `state = 'succeeded'`)).toBe(1);
  });

  it('records nothing and logs nothing afterwards', async () => {
    stage.receiver.answer('/hook', { kind: 'hang' });
    const host = await stage.host({ webhooks: { delivery: { drainTimeout: 50 } } });
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await stage.receiver.waitFor(1);

    await host.close();
    const lines = [...host.logger.of('error')];
    await stage.receiver.close();

    expect(lines).toEqual([]);
    expect(host.logger.of('error')).toEqual([]);
  });
});
