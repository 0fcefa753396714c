import { DeliveriesService, EventsService, type EventQuery, type SubscriptionInput } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCanceled, OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const NO_RETRY: SubscriptionInput = { limits: { retry_schedule: [10] } };
const DAY = 86_400_000;

async function undelivered(host: Host, tenant?: string, query: EventQuery = {}): Promise<unknown[]> {
  const { items } = await host.get(EventsService).list({ state: 'undelivered', ...query }, { tenant });
  return items.map(({ data }) => data?.['order_id']).reverse();
}

async function publish(host: Host, order: string, tenant?: string): Promise<string> {
  host.clock.advance(5);
  const { id } = await host.webhooks.publish(OrderCreated.of(order), tenant === undefined ? {} : { tenant });
  await host.webhooks.drain();
  return id;
}

async function wait(host: Host, ms: number): Promise<void> {
  host.clock.advance(ms);
  await host.webhooks.drain();
}

describeDatabases('undelivered events', (database) => {
  const stage = useStage(database);

  it('are those of a time at which the subscriber was down, exactly, until they are sent again', async () => {
    const host = await stage.host();
    await stage.subscribe(host, NO_RETRY);
    await publish(host, 'before');
    stage.receiver.answer('/hook', 500);
    const down = [await publish(host, 'B'), await publish(host, 'C')];
    expect(await undelivered(host)).toEqual(['B', 'C']);
    await wait(host, 15_000);
    stage.receiver.answer('/hook', 204);
    await publish(host, 'after');

    expect(await undelivered(host)).toEqual(['B', 'C']);
    const deliveries = host.get(DeliveriesService);
    for (const event of down) {
      const { items } = await deliveries.list({ event });
      expect(items).toMatchObject([{ state: 'exhausted' }]);
      await deliveries.resend(items[0]!.id);
    }
    await host.webhooks.drain();
    expect(await undelivered(host)).toEqual([]);
  });

  it('are those held by a pause, and those for which nothing was written while it was disabled', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    await publish(host, 'A');
    await host.subscriptions.pause(id);
    await publish(host, 'held');
    await host.subscriptions.disable(id);
    await publish(host, 'never');

    expect(await undelivered(host)).toEqual(['held', 'never']);
    await host.subscriptions.enable(id);
    expect(await undelivered(host)).toEqual(['held', 'never']);
  });

  it('are those that are not fanned out yet', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });
    await stage.subscribe(host);
    host.clock.advance(5);
    await host.webhooks.publish(OrderCreated.of('A'));

    expect(await undelivered(host)).toEqual(['A']);
  });

  it('are none that nobody asks for: by type, by filter, before the subscription, or canceled', async () => {
    const host = await stage.host();
    await publish(host, 'earlier');
    host.clock.advance(1_000);
    const { id } = await stage.subscribe(host, {
      ...NO_RETRY,
      url: stage.receiver.url('/hook'),
      event_types: ['OrderCreated'],
      filter: { order_id: { $in: ['A', 'B'] } },
    });
    await host.subscriptions.disable(id);
    await publish(host, 'A');
    await publish(host, 'other');
    await host.webhooks.publish(OrderCanceled.of('A'));
    await host.subscriptions.enable(id);
    stage.receiver.answer('/hook', 500);
    await publish(host, 'B');
    const deliveries = host.get(DeliveriesService);
    const [delivery] = (await deliveries.list()).items;
    expect(await undelivered(host)).toEqual(['A', 'B']);

    await deliveries.cancel(delivery!.id);

    expect(await undelivered(host)).toEqual(['A']);
  });

  it("of a tenant are what his subscriptions miss, also of everybody's events", async () => {
    const host = await stage.host();
    await stage.subscribe(host, { ...NO_RETRY, tenant: 'a', url: stage.receiver.url('/a') });
    await stage.subscribe(host, { ...NO_RETRY, tenant: 'b', url: stage.receiver.url('/b') });
    stage.receiver.answer('/b', 500);

    await publish(host, 'A', 'a');
    await publish(host, 'B', 'b');
    await publish(host, 'all', '*');

    expect(await undelivered(host, 'a')).toEqual([]);
    expect(await undelivered(host, 'b')).toEqual(['B', 'all']);
    expect(await undelivered(host)).toEqual(['B', 'all']);
  });

  it('are found page by page, one missed among many that arrived', async () => {
    const host = await stage.host();
    await stage.subscribe(host, NO_RETRY);
    stage.receiver.answer('/hook', 500, 204, 204, 500, 204);
    for (const order of ['A', 'B', 'C', 'D', 'E']) await publish(host, order);
    const events = host.get(EventsService);

    const first = await events.list({ state: 'undelivered', limit: 1 });
    const second = await events.list({ state: 'undelivered', limit: 1, cursor: first.next! });

    expect([...first.items, ...second.items].map(({ data }) => data?.['order_id'])).toEqual(['D', 'A']);
    expect(second.next).toBeNull();
    const inOrder = await events.list({ state: 'undelivered', order: 'commit' });
    expect(inOrder.items.map(({ data }) => data?.['order_id'])).toEqual(['A', 'D']);
  });

  it('are not those whose deliveries are too old to be kept', async () => {
    const host = await stage.host({ webhooks: { retention: { deliveries: 10 } } });
    await stage.subscribe(host, NO_RETRY);
    await publish(host, 'delivered');
    await wait(host, 11 * DAY);

    await host.get(EventsService).sweepRetention();

    expect(await host.count('deliveries')).toBe(0);
    expect(await undelivered(host)).toEqual([]);
  });
});
