import type { JobView, SubscriptionInput } from 'nestjs-webhooks';
import { DeliveriesService, JobsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { EVER, over } from '../support/jobs.js';
import { OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { dataOf, useStage } from '../support/stage.js';

const TWO_HOURS = 7_200;

interface Line {
  readonly host: Host;
  readonly jobs: JobsService;
  readonly subscription: string;
  /** The delivery that waits for its retry, in front of another one. */
  readonly first: string;
}

/** Two events of one subject: the first waits for its retry, the second for the first. */
async function line(stage: Stage): Promise<Line> {
  stage.receiver.answer('/hook', 500, 204);
  const host = await stage.host();
  const limits = { retry_schedule: [TWO_HOURS] };
  const { id, tenant } = await stage.subscribe(host, { ordering: 'subject', limits });
  for (let n = 0; n < 2; n++) await host.webhooks.publish(OrderCreated.of('A'), { tenant });
  await host.webhooks.drain();
  expect(sequences(stage)).toEqual([1]);
  const [row] = (await host.dataSource.query(
    `SELECT id FROM webhooks_deliveries WHERE state = 'pending'`,
  )) as [{ id: string }];
  return { host, jobs: host.get(JobsService), subscription: id, first: row.id };
}

function sequences({ receiver }: Stage): unknown[] {
  return receiver.requests.map((request) => dataOf(request)['sequence']);
}

describeDatabases('a replay of what stands in a line', (database) => {
  const stage = useStage(database);

  it('lets the next one go, although it is canceled before it sends anything', async () => {
    const { host, jobs, subscription } = await line(stage);
    await host.webhooks.stopDeliveries({ subscription });
    const { id } = await jobs.replay(subscription, EVER);
    await host.webhooks.drain();
    expect(await jobs.get(id)).toMatchObject({ state: 'running', matched: 2 });

    await jobs.cancel(id);
    await host.webhooks.startDeliveries({ subscription });
    await host.webhooks.drain();

    expect(sequences(stage)).toEqual([1, 2]);
    expect(await host.count('deliveries', `state = 'waiting' OR job IS NOT NULL`)).toBe(0);
  });

  it('ends, although the one in front is canceled meanwhile', async () => {
    const { host, jobs, subscription, first } = await line(stage);
    await host.webhooks.stopDeliveries({ subscription });
    const job = await jobs.replay(subscription, EVER);
    await host.webhooks.drain();

    await host.get(DeliveriesService).cancel(first);
    await host.webhooks.startDeliveries({ subscription });

    expect(await over(host, job)).toMatchObject({ state: 'done', matched: 2, succeeded: 1, canceled: 1 });
    expect(sequences(stage)).toEqual([1, 2]);
  });

  it('counts only, when it is a dry run', async () => {
    const { host, jobs, subscription } = await line(stage);

    const job = await over(host, await jobs.replay(subscription, { ...EVER, dry_run: true }), 1_000);

    expect(job).toMatchObject({ state: 'done', matched: 2 });
    expect(await host.count('deliveries', `state = 'waiting'`)).toBe(1);
  });
});

describeDatabases('a job whose subscription is disabled and enabled again between two looks', (database) => {
  const stage = useStage(database);

  /** A replay that has opened three deliveries and sent none of them, before its subscription was disabled while nobody looked. */
  async function interrupted(input: SubscriptionInput): Promise<{ office: Host; job: JobView }> {
    const first = await stage.host();
    const { id: subscription, tenant } = await stage.subscribe(first, input);
    await first.webhooks.stopDeliveries({ subscription });
    for (let n = 0; n < 3; n++) await first.webhooks.publish(OrderCreated.of('A'), { tenant });
    await first.webhooks.drain();
    const { id } = await first.get(JobsService).replay(subscription, EVER);
    await first.webhooks.drain();
    const job = await first.get(JobsService).get(id);
    expect(job).toMatchObject({ state: 'running', matched: 3 });
    await first.close();
    const office = await stage.host({ clock: first.clock, webhooks: { dispatch: false } });
    await office.subscriptions.disable(subscription);
    await office.subscriptions.enable(subscription);
    await office.webhooks.startDeliveries({ subscription });
    return { office, job };
  }

  const cases: [string, SubscriptionInput][] = [
    ['as they come', {}],
    ['in order, with some that still wait in line', { ordering: 'subject' }],
  ];

  it.each(cases)('ends, and counts as failed what it left held: %s', async (_how, input) => {
    const { office, job } = await interrupted(input);
    const host = await stage.host({ clock: office.clock });

    expect(await over(host, job)).toMatchObject({ state: 'done', matched: 3, succeeded: 0, failed: 3 });
    expect(await host.count('deliveries', 'job IS NOT NULL')).toBe(0);
    expect(stage.receiver.requests).toEqual([]);
    await over(host, await host.get(JobsService).recover(job.subscription_id, EVER));
    await host.webhooks.drain();
    expect([...sequences(stage)].sort()).toEqual([1, 2, 3]);
  });

  it('leaves what is held to the next one, also when it is canceled', async () => {
    const { office, job } = await interrupted({});
    const jobs = office.get(JobsService);

    const canceled = await jobs.cancel(job.id);

    expect(canceled).toMatchObject({ state: 'canceled', matched: 3, failed: 3, canceled: 0 });
    const host = await stage.host({ clock: office.clock });
    const next = await over(host, await jobs.recover(job.subscription_id, EVER));
    expect(next).toMatchObject({ state: 'done', matched: 3, succeeded: 3 });
  });
});
