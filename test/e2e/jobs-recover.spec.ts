import type { SubscriptionInput } from 'nestjs-webhooks';
import { DeliveriesService, JobsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import { EVER, over } from '../support/jobs.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

const ONE_RETRY: SubscriptionInput = { limits: { retry_schedule: [10] } };
/** Every attempt is made. */
const NO_CIRCUIT = { health: { failureThreshold: 10_000 } };
const ORDERS = Array.from({ length: 12 }, (_, n) => `O-${n + 10}`);

async function publishAll(host: Host, tenant: string, orders = ORDERS): Promise<void> {
  for (const order of orders) await host.webhooks.publish(OrderCreated.of(order), { tenant });
  await host.webhooks.drain();
}

describeDatabases('recovering a subscription', (database) => {
  const stage = useStage(database);

  it('that was down for its whole schedule brings each event exactly once more', async () => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host({ webhooks: NO_CIRCUIT });
    const jobs = host.get(JobsService);
    const { id, tenant } = await stage.subscribe(host, ONE_RETRY);
    await publishAll(host, tenant);
    for (let look = 0; look < 60; look++) {
      host.clock.advance(120_000);
      await host.webhooks.drain();
    }
    expect(await host.count('deliveries', `state = 'exhausted'`)).toBe(ORDERS.length);
    const before = stage.receiver.requests.length;
    stage.receiver.answer('/hook', 204);

    const job = await over(host, await jobs.recover(id, EVER));

    const again = stage.receiver.requests.slice(before);
    expect(again.map((request) => dataOf(request)['order_id']).sort()).toEqual(ORDERS);
    const ids = new Set(stage.receiver.requests.map(({ headers }) => headers['webhook-id']));
    expect(ids.size).toBe(ORDERS.length);
    expect(job).toMatchObject({ kind: 'recover', state: 'done', matched: 12, succeeded: 12, failed: 0 });
    expect(job.reached).toBe(job.until);
    expect(await host.count('deliveries', `state <> 'succeeded' OR job IS NOT NULL`)).toBe(0);
    expect(await over(host, await jobs.recover(id, EVER))).toMatchObject({ state: 'done', matched: 0 });
  });

  it('brings what was held when it was disabled, in whatever line, and nothing that was canceled', async () => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host();
    const jobs = host.get(JobsService);
    const { id, tenant } = await stage.subscribe(host, { ...ONE_RETRY, ordering: 'subject' });
    await publishAll(host, tenant, ['A', 'A', 'B']);
    const [{ id: canceled }] = (await host.dataSource.query(
      `SELECT d.id FROM webhooks_deliveries d JOIN webhooks_events e ON e.id = d.event_id WHERE e.subject = 'order:B'`,
    )) as [{ id: string }];
    await host.get(DeliveriesService).cancel(canceled);
    await host.subscriptions.disable(id);
    await host.subscriptions.enable(id);
    stage.receiver.answer('/hook', 204);
    const before = stage.receiver.requests.length;

    const job = await over(host, await jobs.recover(id, EVER));
    await publishAll(host, tenant, ['A']);

    const orders = stage.receiver.requests.slice(before).map((request) => dataOf(request)['order_id']);
    expect(orders).toEqual(['A', 'A', 'A']);
    // The second of the line was not held: it goes by itself, once the first no longer stands before it.
    expect(job).toMatchObject({ state: 'done', matched: 1, succeeded: 1 });
    expect(await host.get(DeliveriesService).get(canceled)).toMatchObject({ state: 'canceled' });
  });
});
