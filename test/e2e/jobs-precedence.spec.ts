import { JobsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import { partOf } from '../support/internals.js';
import { EVER, over } from '../support/jobs.js';
import { untilLetGo } from '../support/let-go.js';
import { OrderCreated } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

const TENANT = 'default';
const ARCHIVED = 30;

interface Sweeping {
  readonly sweeper: { sweepAnew(): Promise<unknown> };
}

describeDatabases('what is replayed to an endpoint that does not answer', (database) => {
  const stage = useStage(database);

  it('lets a retry pass that falls due while it waits', async () => {
    const host = await stage.host();
    const { sweeper } = partOf<Sweeping>(host, 'Dispatcher');
    for (let n = 0; n < ARCHIVED; n++)
      await host.webhooks.publish(OrderCreated.of(`archived ${n}`), { tenant: TENANT });
    await host.webhooks.drain();
    host.clock.advance(1_000);
    const until = new Date(host.clock.now()).toISOString();
    host.clock.advance(1_000);
    const { id } = await stage.subscribe(host, { limits: { retry_schedule: [10], concurrency: 1 } });
    const answer = untilLetGo();
    stage.receiver.answer('/hook', 500, { status: 204, until: answer.until });
    await host.webhooks.publish(OrderCreated.of('new'), { tenant: TENANT });
    await host.webhooks.drain();

    const job = await host.get(JobsService).replay(id, { ...EVER, until });
    await stage.receiver.waitFor(2);
    host.clock.advance(13_000);
    await sweeper.sweepAnew();
    answer.letGo();
    await over(host, job);

    const orders = stage.receiver.requests.map((request) => String(dataOf(request)['order_id']));
    expect(orders).toHaveLength(1 + ARCHIVED + 1);
    expect(orders.indexOf('new', 1)).toBe(2);
  });
});
