import type { DeliveryOptions, SubscriptionInput } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { AirlineStatusChanged, OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { dataOf, useStage } from '../support/stage.js';

const SECOND = 1_000;
const IN_ORDER: SubscriptionInput = { ordering: 'subject', limits: { retry_schedule: [10, 10] } };
/** Whatever happens, happens without the regular look. */
const NO_LOOKS: DeliveryOptions = { sweepInterval: 3_600_000 };

/** Subscribes in order, each order at a path of its own: `/hook/A`. */
async function subscribeByOrder(stage: Stage, host: Host): Promise<string> {
  const http_request = { url: stage.receiver.url('/hook/{{order_id}}') };
  const event_types = ['OrderCreated'];
  return (await stage.subscribe(host, { ...IN_ORDER, event_types, http_request })).id;
}

/** Publishes so many events of one order, one after the other. */
async function publish(host: Host, order: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await host.webhooks.publish(OrderCreated.of(order));
}

async function after(host: Host, ms: number): Promise<void> {
  host.clock.advance(ms);
  await host.webhooks.drain();
}

/** The sequences that arrived at a path, in the order of their arrival. */
function sequences({ receiver }: Stage, path = '/hook'): unknown[] {
  return receiver.requestsTo(path).map((request) => dataOf(request)['sequence']);
}

describeDatabases('a subscription in the order of the subject', (database) => {
  const stage = useStage(database);

  it('gets the events of a subject strictly by sequence, although the first fails and the others would not', async () => {
    stage.receiver.answer('/hook', 500, 500, 204);
    const host = await stage.host();
    await stage.subscribe(host, IN_ORDER);
    await publish(host, 'A', 5);
    await host.webhooks.drain();

    expect(sequences(stage)).toEqual([1]);
    await after(host, 13 * SECOND);
    expect(sequences(stage)).toEqual([1, 1]);
    await after(host, 13 * SECOND);

    expect(sequences(stage)).toEqual([1, 1, 1, 2, 3, 4, 5]);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(5);
  });

  it('gets each as soon as the one before is done, without a look in between', async () => {
    const host = await stage.host({ webhooks: { delivery: NO_LOOKS } });
    await stage.subscribe(host, IN_ORDER);

    await publish(host, 'A', 10);
    await stage.receiver.waitFor(10);

    expect(sequences(stage)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('never gets two of one subject at the same time', async () => {
    stage.receiver.answer('/hook', { status: 204, delayMs: 20 });
    let underWay = 0;
    let most = 0;
    const host = await stage.host();
    stage.receiver.onRequest(() => {
      most = Math.max(most, ++underWay);
      setTimeout(() => underWay--, 15);
    });
    await stage.subscribe(host, IN_ORDER);

    await Promise.all(Array.from({ length: 10 }, () => publish(host, 'A', 1)));
    await host.webhooks.drain();

    expect(most).toBe(1);
    expect(sequences(stage)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('gets the other subjects meanwhile', async () => {
    const host = await stage.host();
    await subscribeByOrder(stage, host);
    stage.receiver.answer('/hook/A', 500);

    for (let n = 0; n < 4; n++) for (const order of ['A', 'B', 'C']) await publish(host, order, 1);
    await host.webhooks.drain();

    expect(sequences(stage, '/hook/A')).toEqual([1]);
    expect(sequences(stage, '/hook/B')).toEqual([1, 2, 3, 4]);
    expect(sequences(stage, '/hook/C')).toEqual([1, 2, 3, 4]);
  });

  it('gets events without a subject as they come', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const host = await stage.host();
    await stage.subscribe(host, IN_ORDER);

    for (const airline of ['IB', 'UX', 'VY']) await host.webhooks.publish(AirlineStatusChanged.of(airline));
    await host.webhooks.drain();

    const airlines = stage.receiver.requests.map((request) => dataOf(request)['airline']);
    expect(airlines.sort()).toEqual(['IB', 'UX', 'VY']);
  });

  it('gets the next one when the one before is exhausted', async () => {
    stage.receiver.answer('/hook', 500, 500, 500, 204);
    const host = await stage.host();
    await stage.subscribe(host, IN_ORDER);
    await publish(host, 'A', 3);
    await host.webhooks.drain();

    for (let retry = 0; retry < 2; retry++) await after(host, 13 * SECOND);

    expect(sequences(stage)).toEqual([1, 1, 1, 2, 3]);
    expect(await host.count('deliveries', `state = 'exhausted'`)).toBe(1);
  });

  it('gets the next one when the one before is canceled', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const host = await stage.host({ webhooks: { delivery: NO_LOOKS } });
    await stage.subscribe(host, IN_ORDER);
    await publish(host, 'A', 3);
    await host.webhooks.drain();
    const [{ id }] = (await host.dataSource.query(
      `SELECT id FROM webhooks_deliveries WHERE state = 'pending'`,
    )) as [{ id: string }];

    await host.get(DeliveriesService).cancel(id);
    await stage.receiver.waitFor(3);
    await host.webhooks.drain();

    expect(sequences(stage)).toEqual([1, 2, 3]);
  });

  it('gets what was published during a pause in order, after resume', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, IN_ORDER);
    await publish(host, 'A', 2);
    await host.webhooks.drain();

    await host.subscriptions.pause(id);
    await publish(host, 'A', 4);
    await after(host, 60 * SECOND);
    expect(sequences(stage)).toEqual([1, 2]);
    await host.subscriptions.resume(id);
    await publish(host, 'A', 1);
    await host.webhooks.drain();

    expect(sequences(stage)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('that is paused while the first one waits for its retry goes on with that one', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const host = await stage.host();
    const { id } = await stage.subscribe(host, IN_ORDER);
    await publish(host, 'A', 2);
    await host.webhooks.drain();

    await host.subscriptions.pause(id);
    await publish(host, 'A', 1);
    await after(host, 60 * SECOND);
    await host.subscriptions.resume(id);
    await host.webhooks.drain();

    expect(sequences(stage)).toEqual([1, 1, 2, 3]);
  });

  it('waits, when it was disabled, for the one that is held until somebody resends or cancels it', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const host = await stage.host();
    const { id } = await stage.subscribe(host, IN_ORDER);
    await publish(host, 'A', 2);
    await host.webhooks.drain();
    await host.subscriptions.disable(id);
    await host.subscriptions.enable(id);
    await publish(host, 'A', 1);
    await after(host, 60 * SECOND);
    expect(sequences(stage)).toEqual([1]);
    const [held] = (await host.dataSource.query(
      `SELECT id FROM webhooks_deliveries WHERE state = 'held'`,
    )) as [{ id: string }];

    await host.get(DeliveriesService).resend(held.id);
    await host.webhooks.drain();

    expect(sequences(stage)).toEqual([1, 1, 2, 3]);
  });

  it('changes nothing for the subscriptions beside it', async () => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host();
    await stage.subscribe(host, IN_ORDER);
    await stage.subscribe(host, { url: stage.receiver.url('/beside') });

    await publish(host, 'A', 4);
    await host.webhooks.drain();

    expect(sequences(stage)).toEqual([1]);
    expect([...sequences(stage, '/beside')].sort()).toEqual([1, 2, 3, 4]);
  });

  it('may become so, and cease to be so', async () => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { limits: { retry_schedule: [3_600] } });
    await host.subscriptions.update(id, { ordering: 'subject' });
    await publish(host, 'A', 2);
    await host.webhooks.drain();
    expect(sequences(stage)).toEqual([1]);

    await host.subscriptions.update(id, { ordering: null });
    await host.webhooks.drain();
    expect(sequences(stage)).toEqual([1, 2]);
    await publish(host, 'A', 2);
    await host.webhooks.drain();

    expect([...sequences(stage)].sort()).toEqual([1, 2, 3, 4]);
    expect(await host.count('deliveries', `state = 'waiting'`)).toBe(0);
  });

  it('that ceases to be so during a pause gets what waited in line after resume', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { ...IN_ORDER, limits: { retry_schedule: [3_600] } });
    await publish(host, 'A', 3);
    await host.webhooks.drain();
    await host.subscriptions.pause(id);
    await host.subscriptions.update(id, { ordering: null });
    await host.webhooks.drain();
    expect(sequences(stage)).toEqual([1]);

    await host.subscriptions.resume(id);
    await host.webhooks.drain();

    expect([...sequences(stage)].sort()).toEqual([1, 1, 2, 3]);
  });

  it('keeps the events of its tenant and those for all tenants in order, each for themselves', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const host = await stage.host();
    await stage.subscribe(host, { ...IN_ORDER, tenant: 'a' });

    for (const tenant of ['*', 'a', '*', 'a', 'a']) {
      await host.webhooks.publish(OrderCreated.of('A', tenant === '*' ? 0 : 1), { tenant });
    }
    await host.webhooks.drain();
    await after(host, 13 * SECOND);

    const arrived = stage.receiver.requests.map(dataOf);
    const of = (total: number): unknown[] =>
      arrived.filter((data) => data['total'] === total).map((data) => data['sequence']);
    expect([...new Set(of(0))]).toEqual([1, 2]);
    expect([...new Set(of(1))]).toEqual([1, 2, 3]);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(5);
  });
});

describeDatabases('the order of a subject', (database) => {
  const stage = useStage(database);

  it('holds over two processes that publish and send at the same time', async () => {
    const clock = new TestClock();
    const hosts = [await stage.host({ clock }), await stage.host({ clock })] as const;
    await subscribeByOrder(stage, hosts[0]);
    const orders = ['A', 'B', 'C'];
    for (const order of orders) stage.receiver.answer(`/hook/${order}`, 204, 500, 204, 204, 500, 500, 204);

    await Promise.all(hosts.flatMap((host) => orders.map((order) => publish(host, order, 10))));
    for (let look = 0; look < 20; look++) {
      clock.advance(5 * SECOND);
      await Promise.all(hosts.map((host) => host.webhooks.drain()));
    }

    const expected = Array.from({ length: 20 }, (_, n) => n + 1);
    for (const order of orders) {
      const arrived = sequences(stage, `/hook/${order}`);
      expect(arrived).toEqual([...arrived].sort((left, right) => Number(left) - Number(right)));
      expect([...new Set(arrived)]).toEqual(expected);
    }
  });

  it('holds when another process sends than the one that publishes', async () => {
    const publisher = await stage.host({ webhooks: { dispatch: false } });
    await stage.subscribe(publisher, IN_ORDER);
    await publish(publisher, 'A', 20);

    const worker = await stage.host();
    await worker.webhooks.drain();

    expect(sequences(stage)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('holds over a restart', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const first = await stage.host();
    await stage.subscribe(first, IN_ORDER);
    await publish(first, 'A', 3);
    await first.webhooks.drain();
    await first.close();

    const next = await stage.host({ clock: first.clock });
    await publish(next, 'A', 1);
    await next.webhooks.drain();
    expect(sequences(stage)).toEqual([1]);
    await after(next, 13 * SECOND);

    expect(sequences(stage)).toEqual([1, 1, 2, 3, 4]);
  });

  it('is refused by any other name', async () => {
    const host = await stage.host();

    const work = stage.subscribe(host, { ordering: 'sequence' as 'subject' });

    await expect(work).rejects.toMatchObject({
      code: 'SUBSCRIPTION_INVALID',
      issues: [{ path: 'ordering', message: expect.any(String) as unknown }],
    });
  });
});
