import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { AirlineStatusChanged, OrderCanceled, OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { dataOf, useStage } from '../support/stage.js';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);

/** The sequences that arrived, by order, each sorted. */
async function arrivedSequences(stage: Stage, host: Host): Promise<Record<string, unknown[]>> {
  await host.webhooks.drain();
  const sequences: Record<string, number[]> = {};
  for (const { order_id: order, sequence } of stage.receiver.requests.map(dataOf)) {
    (sequences[String(order)] ??= []).push(Number(sequence));
  }
  for (const list of Object.values(sequences)) list.sort((a, b) => a - b);
  return sequences;
}

describeDatabases('the sequence of a subject', (database) => {
  const stage = useStage(database);

  it('counts from 1 without a gap under 100 concurrent publishes', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await Promise.all(upTo(100).map((n) => host.webhooks.publish(OrderCreated.of(n % 2 ? 'A' : 'B', n))));

    expect(await arrivedSequences(stage, host)).toEqual({ A: upTo(50), B: upTo(50) });
  });

  it('has no gap where transactions rolled back', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    const outcomes = await Promise.allSettled(
      upTo(30).map((n) =>
        host.webhooks.transaction(async () => {
          await host.webhooks.publish(OrderCreated.of('A', n));
          await host.webhooks.publish(OrderCreated.of('B', n));
          if (n % 3 === 0) throw new Error('no seats left');
        }),
      ),
    );

    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    expect(await arrivedSequences(stage, host)).toEqual({ A: upTo(20), B: upTo(20) });
  });

  it('is taken by transactions with the same subjects in opposite order without a deadlock', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await Promise.all(
      upTo(20).map((n) =>
        host.webhooks.transaction(async () => {
          const orders = n % 2 ? ['A', 'B'] : ['B', 'A'];
          for (const order of orders) await host.webhooks.publish(OrderCreated.of(order, n));
        }),
      ),
    );

    expect(await arrivedSequences(stage, host)).toEqual({ A: upTo(20), B: upTo(20) });
  });

  it('is the order of publishing within a transaction', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await host.webhooks.transaction(async () => {
      for (const total of upTo(20)) await host.webhooks.publish(OrderCreated.of('A', total));
    });
    await host.webhooks.drain();

    const arrived = stage.receiver.requests.map(dataOf);
    expect(arrived).toHaveLength(20);
    expect(arrived.filter(({ sequence, total }) => sequence !== total)).toEqual([]);
  });

  it('is shared by the event types of one subject', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.publish(OrderCanceled.of('A'));
    await host.webhooks.drain();

    const arrived = stage.receiver.requests.map(dataOf).map((data) => [data['event_type'], data['sequence']]);
    expect(Object.fromEntries(arrived)).toEqual({ OrderCreated: 1, OrderCanceled: 2 });
  });

  it('counts for each tenant on its own', async () => {
    const host = await stage.host();
    await stage.subscribe(host, { tenant: 'a', url: stage.receiver.url('/a') });
    await stage.subscribe(host, { tenant: 'b', url: stage.receiver.url('/b') });

    for (const tenant of ['a', 'b', 'a']) await host.webhooks.publish(OrderCreated.of('A'), { tenant });
    await host.webhooks.drain();

    const sequences = (path: string): unknown[] =>
      stage.receiver
        .requestsTo(path)
        .map((request) => dataOf(request)['sequence'])
        .sort();
    expect(sequences('/a')).toEqual([1, 2]);
    expect(sequences('/b')).toEqual([1]);
  });

  it('is null without a subject', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    await host.webhooks.publish(AirlineStatusChanged.of('IB'));
    await host.webhooks.publish(OrderCreated.of('A'), { subject: null });
    await host.webhooks.drain();

    expect(stage.receiver.requests.map((request) => dataOf(request)['sequence'])).toEqual([null, null]);
  });

  it('follows the subject that publish is given', async () => {
    const host = await stage.host();
    await stage.subscribe(host);

    for (const order of ['A', 'B'])
      await host.webhooks.publish(OrderCreated.of(order), { subject: 'trip:1' });

    expect(await arrivedSequences(stage, host)).toEqual({ A: [1], B: [2] });
  });
});
