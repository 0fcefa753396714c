import { DeliveriesService, EventsService, JobsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { EVER, over } from '../support/jobs.js';
import { OrderCreated } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

interface DeliveryRow {
  readonly id: string;
  readonly event_id: string;
}

/** Oldest first. */
async function deliveriesOf(host: Host): Promise<DeliveryRow[]> {
  const sql = 'SELECT id, event_id FROM webhooks_deliveries ORDER BY event_id';
  return (await host.dataSource.query(sql)) as DeliveryRow[];
}

describeDatabases('a job over events of which one was expunged', (database) => {
  const stage = useStage(database);

  it.each(['replay', 'recover'] as const)('leaves what is on record of that one: %s', async (kind) => {
    stage.receiver.answer('/hook', kind === 'replay' ? 204 : 500);
    const host = await stage.host();
    const jobs = host.get(JobsService);
    const { id, tenant } = await stage.subscribe(host, { limits: { retry_schedule: [10] } });
    for (const order of ['A', 'B']) {
      await host.webhooks.publish(OrderCreated.of(order), { tenant });
      // Ids of the same millisecond are in no order.
      host.clock.advance(2);
    }
    await host.webhooks.drain();
    host.clock.advance(13_000);
    await host.webhooks.drain();
    const [first] = await deliveriesOf(host);
    await host.get(EventsService).expunge(first!.event_id);
    const before = await host.get(DeliveriesService).get(first!.id);
    const sent = stage.receiver.requests.length;
    stage.receiver.answer('/hook', 204);

    const job = await over(host, await jobs[kind](id, EVER));

    expect(job).toMatchObject({ state: 'done', matched: 1, succeeded: 1, failed: 0, canceled: 0 });
    expect(stage.receiver.requests.slice(sent).map((request) => dataOf(request)['order_id'])).toEqual(['B']);
    expect(await host.get(DeliveriesService).get(first!.id)).toEqual(before);
    const dry = await over(host, await jobs.replay(id, { ...EVER, dry_run: true }));
    expect(dry).toMatchObject({ matched: 1 });
  });
});
