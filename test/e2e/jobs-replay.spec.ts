import type { ReplayInput, SubscriptionInput } from 'nestjs-webhooks';
import { ALL_TENANTS, JobsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { EVER, over } from '../support/jobs.js';
import { AirlineStatusChanged, OrderCanceled, OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { dataOf, useStage } from '../support/stage.js';

const TENANT = 'default';
/** Enough for everything that is played here. */
const LOOKS = 300;

/** Orders of the requests to a path, sorted, with their types. */
function arrived(stage: Stage, path = '/hook'): string[] {
  return stage.receiver
    .requestsTo(path)
    .map((request) => `${String(dataOf(request)['event_type'])} ${String(dataOf(request)['order_id'])}`)
    .sort();
}

/** Three created orders, of 1, 2 and 3 in total, and one that is canceled; nobody has subscribed yet. */
async function history(host: Host): Promise<void> {
  for (const total of [1, 2, 3])
    await host.webhooks.publish(OrderCreated.of(`O-${total}`, total), { tenant: TENANT });
  await host.webhooks.publish(OrderCanceled.of('O-1'), { tenant: TENANT });
  await host.webhooks.publish(AirlineStatusChanged.of('IB'), { tenant: TENANT });
  await host.webhooks.drain();
  host.clock.advance(1_000);
}

const CREATED = ['OrderCreated O-1', 'OrderCreated O-2', 'OrderCreated O-3'];

describeDatabases('replaying for a subscription', (database) => {
  const stage = useStage(database);

  const cases: [string, SubscriptionInput, Partial<ReplayInput>, string[]][] = [
    ['everything that it wants', { event_types: ['Order*'] }, {}, ['OrderCanceled O-1', ...CREATED]],
    ['what it wants by an alias', { event_types: ['order.created'] }, {}, CREATED],
    ['what is asked for by name', {}, { event_types: ['OrderCanceled'] }, ['OrderCanceled O-1']],
    ['what is asked for by a wildcard over aliases', {}, { event_types: ['order.*'] }, CREATED],
    [
      'nothing that it does not want',
      { event_types: ['OrderCanceled'] },
      { event_types: ['order.created'] },
      [],
    ],
    [
      'what its filter lets pass',
      { event_types: ['OrderCreated'], filter: { total: { $gte: 2 } } },
      {},
      CREATED.slice(1),
    ],
  ];

  it.each(cases)(
    'sends %s, also what is older than the subscription, as the dry run said',
    async (...given) => {
      const [, subscription, input, expected] = given;
      const host = await stage.host();
      const jobs = host.get(JobsService);
      await history(host);
      const { id } = await stage.subscribe(host, subscription);

      const dry = await over(host, await jobs.replay(id, { ...EVER, ...input, dry_run: true }));
      expect(dry).toMatchObject({ state: 'done', dry_run: true, matched: expected.length, succeeded: 0 });
      expect(await host.count('deliveries')).toBe(0);

      const job = await over(host, await jobs.replay(id, { ...EVER, ...input }));
      const count = expected.length;
      expect(job).toMatchObject({ state: 'done', matched: count, succeeded: count, failed: 0, canceled: 0 });
      expect(arrived(stage)).toEqual(expected);
    },
  );

  it('keeps to its range and to its tenant, and sends what is for all tenants', async () => {
    const host = await stage.host();
    const jobs = host.get(JobsService);
    const { id } = await stage.subscribe(host, { tenant: 'a' });
    const publish = (order: string, tenant: string) =>
      host.webhooks.publish(OrderCreated.of(order), { tenant });
    await publish('early', 'a');
    host.clock.advance(10_000);
    const since = new Date(host.clock.now() - 5_000);
    await publish('mine', 'a');
    await publish('theirs', 'b');
    await publish('everybody', ALL_TENANTS);
    host.clock.advance(10_000);
    const until = new Date(host.clock.now() - 5_000).toISOString();
    await publish('late', 'a');
    await host.webhooks.drain();
    const before = stage.receiver.requests.length;

    const job = await over(host, await jobs.replay(id, { since, until }));

    const orders = stage.receiver.requests.slice(before).map((request) => dataOf(request)['order_id']);
    expect(orders.sort()).toEqual(['everybody', 'mine']);
    expect(job).toMatchObject({ matched: 2, succeeded: 2, tenant: 'a', reached: until });
    await expect(jobs.get(job.id, { tenant: 'b' })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(jobs.cancel(job.id, { tenant: 'b' })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    const foreign = jobs.replay(id, EVER, { tenant: 'b' });
    await expect(foreign).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
    expect((await jobs.list({}, { tenant: 'b' })).items).toEqual([]);
    expect((await jobs.list({ limit: 1 }, { tenant: 'a' })).items).toMatchObject([{ id: job.id }]);
    const nobody = jobs.list({}, { tenant: null as unknown as string });
    await expect(nobody).rejects.toMatchObject({ code: 'QUERY_INVALID', path: 'tenant' });
  });

  it('brings what came while it was disabled, each once, after it was enabled', async () => {
    const host = await stage.host();
    const jobs = host.get(JobsService);
    const { id } = await stage.subscribe(host);
    await host.subscriptions.disable(id);
    for (const order of ['A', 'B']) await host.webhooks.publish(OrderCreated.of(order), { tenant: TENANT });
    await host.webhooks.drain();
    await expect(jobs.replay(id, EVER)).rejects.toMatchObject({ code: 'JOB_CONFLICT' });
    await host.subscriptions.enable(id);
    await host.webhooks.drain();
    expect(stage.receiver.requests).toEqual([]);

    expect(await over(host, await jobs.replay(id, EVER))).toMatchObject({ matched: 2, succeeded: 2 });
    expect(arrived(stage)).toEqual(['OrderCreated A', 'OrderCreated B']);
  });

  it('sends again what arrived: the same bytes and id, as the next attempt of the same delivery', async () => {
    const host = await stage.host();
    const jobs = host.get(JobsService);
    const { id } = await stage.subscribe(host, { ordering: 'subject' });
    await host.webhooks.publish(OrderCreated.of('A'), { tenant: TENANT });
    await host.webhooks.drain();

    await over(host, await jobs.replay(id, EVER));

    const [first, second] = stage.receiver.requests;
    expect(stage.receiver.requests).toHaveLength(2);
    expect(second!.body).toBe(first!.body);
    expect(second!.headers).toMatchObject({
      'webhook-id': first!.headers['webhook-id'],
      'webhook-attempt': '2',
    });
    expect(await host.count('deliveries')).toBe(1);
    expect(await host.count('attempts')).toBe(2);
  });

  it('holds up no new event of an ordered subscription while its own fail', async () => {
    const host = await stage.host();
    const jobs = host.get(JobsService);
    const { id } = await stage.subscribe(host, { ordering: 'subject' });
    await host.webhooks.publish(OrderCreated.of('A'), { tenant: TENANT });
    await host.webhooks.drain();
    stage.receiver.answer('/hook', 500, 204);

    const job = await over(host, await jobs.replay(id, EVER), 300);
    expect(job).toMatchObject({ state: 'done', matched: 1, succeeded: 0, failed: 1 });
    await host.webhooks.publish(OrderCanceled.of('A'), { tenant: TENANT });
    await host.webhooks.drain();

    expect(arrived(stage)).toEqual(['OrderCanceled A', 'OrderCreated A', 'OrderCreated A']);
  });

  it('waits while it is paused, and ends visibly when it is disabled or deleted', async () => {
    const host = await stage.host();
    const jobs = host.get(JobsService);
    await history(host);
    const { id } = await stage.subscribe(host, { event_types: ['OrderCreated'] });
    await host.subscriptions.pause(id);
    const paused = await jobs.replay(id, EVER);
    await host.webhooks.drain();
    host.clock.advance(60_000);
    await host.webhooks.drain();
    expect(await jobs.get(paused.id)).toMatchObject({ state: 'running', matched: 0 });
    await host.subscriptions.resume(id);
    expect(await over(host, paused)).toMatchObject({ state: 'done', succeeded: 3 });

    await host.subscriptions.pause(id);
    const disabled = await jobs.replay(id, EVER);
    await host.subscriptions.disable(id);
    expect(await over(host, disabled)).toMatchObject({ state: 'failed', error: 'SUBSCRIPTION_DISABLED' });

    await host.subscriptions.enable(id);
    await host.subscriptions.pause(id);
    const deleted = await jobs.replay(id, EVER);
    await host.subscriptions.delete(id);
    expect(await over(host, deleted)).toMatchObject({ state: 'canceled', error: 'SUBSCRIPTION_DELETED' });
    expect(stage.receiver.requests).toHaveLength(3);
  });

  it('is one at a time for a subscription, and so many for a tenant', async () => {
    const host = await stage.host({ webhooks: { dispatch: false, limits: { jobsPerTenant: 2 } } });
    const jobs = host.get(JobsService);
    const [one, another, third] = await Promise.all([1, 2, 3].map(() => stage.subscribe(host)));
    const races = await Promise.allSettled([1, 2, 3].map(() => jobs.replay(one!.id, EVER)));
    expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(jobs.recover(one!.id, EVER)).rejects.toMatchObject({ code: 'JOB_CONFLICT' });
    // Ids of the same millisecond are in no order.
    host.clock.advance(2);
    await jobs.replay(one!.id, { ...EVER, dry_run: true });
    await expect(jobs.replay(another!.id, EVER)).rejects.toMatchObject({ code: 'JOB_LIMIT' });
    const { items } = await jobs.list({ subscription_id: one!.id });
    expect(items.map(({ dry_run }) => dry_run)).toEqual([true, false]);
    await jobs.cancel(items[0]!.id);
    await jobs.replay(third!.id, EVER);
    await expect(jobs.cancel(items[0]!.id)).rejects.toMatchObject({ code: 'JOB_CONFLICT' });
  });

  it('refuses what is wrong, and says where', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });
    const jobs = host.get(JobsService);
    const { id } = await stage.subscribe(host);
    const wrong: [string, ReplayInput][] = [
      ['since', { since: 'yesterday' }],
      ['since', { since: '2026-02-30T00:00:00Z' }],
      ['since', { since: '2026-01-01T00:00:00' }],
      ['since', { since: '2999-01-01T00:00:00Z' }],
      ['since', { since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }],
      ['until', { ...EVER, until: 5 as unknown as string }],
      ['event_types', { ...EVER, event_types: [] }],
      ['event_types[1]', { ...EVER, event_types: ['OrderCreated', 'O*r'] }],
      ['dry_run', { ...EVER, dry_run: 'yes' as unknown as boolean }],
    ];
    for (const [path, input] of wrong)
      await expect(jobs.replay(id, input)).rejects.toMatchObject({ code: 'JOB_INVALID', path });
    const misspelt = jobs.replay(id, { ...EVER, event_types: ['OrderCreated', 'OrderCreatd'] });
    await expect(misspelt).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_TYPE', path: 'event_types[1]' });
    expect(await host.count('jobs')).toBe(0);
  });

  it('that is canceled stops at once, and gives up what nobody has begun to send', async () => {
    const host = await stage.host({ webhooks: { delivery: { concurrencyPerSubscription: 1 } } });
    const jobs = host.get(JobsService);
    const { id } = await stage.subscribe(host);
    await host.webhooks.publishMany(
      Array.from({ length: 300 }, (_, n) => ({ event: OrderCreated.of(`O-${n}`), tenant: TENANT })),
    );
    await host.webhooks.drain();
    await host.webhooks.stopDeliveries({ subscription: id });
    const begun = await jobs.replay(id, EVER);
    for (let look = 0; look < 5; look++) {
      await host.webhooks.drain();
      host.clock.advance(300);
    }
    expect(await jobs.get(begun.id)).toMatchObject({ state: 'running', matched: 100, succeeded: 0 });

    const job = await jobs.cancel(begun.id);
    await host.webhooks.startDeliveries({ subscription: id });
    host.clock.advance(60_000);
    await host.webhooks.drain();

    expect(job).toMatchObject({ state: 'canceled', matched: 100, succeeded: 0, canceled: 100 });
    expect(await jobs.get(job.id)).toEqual(job);
    expect(stage.receiver.requests).toHaveLength(300);
    expect(await host.count('deliveries', `state <> 'succeeded' OR job IS NOT NULL`)).toBe(0);
  });

  it('sends each event once with two replicas, and its counts only grow', async () => {
    const [host, replica] = [await stage.host(), await stage.host()];
    const jobs = host.get(JobsService);
    const count = 450;
    await host.webhooks.publishMany(
      Array.from({ length: count }, (_, n) => ({ event: OrderCreated.of(`O-${n}`), tenant: TENANT })),
    );
    await host.webhooks.drain();
    host.clock.advance(1_000);
    replica.clock.advance(1_000);
    const { id } = await stage.subscribe(host);
    const { id: job } = await jobs.replay(id, EVER);
    const seen = [await jobs.get(job)];
    while (seen.at(-1)!.finished_at === null && seen.length < LOOKS) {
      await Promise.all([host.webhooks.drain(), replica.webhooks.drain()]);
      for (const { clock } of [host, replica]) clock.advance(250);
      seen.push(await jobs.get(job));
    }

    expect(seen.at(-1)).toMatchObject({ state: 'done', matched: count, succeeded: count, failed: 0 });
    for (const field of ['matched', 'succeeded', 'failed'] as const)
      expect(seen.map((view) => view[field])).toEqual(seen.map((view) => view[field]).sort((a, b) => a - b));
    expect(new Set(arrived(stage)).size).toBe(count);
    expect(stage.receiver.requests).toHaveLength(count);
  });

  it('goes by the subscription as it is when it comes to an event', async () => {
    const host = await stage.host();
    const jobs = host.get(JobsService);
    await history(host);
    const { id } = await stage.subscribe(host, { event_types: ['OrderCreated'] });
    await host.subscriptions.pause(id);
    const job = await jobs.replay(id, EVER);
    await host.webhooks.drain();
    await host.subscriptions.update(id, { event_types: ['OrderCanceled'] });
    await host.subscriptions.resume(id);

    expect(await over(host, job)).toMatchObject({ matched: 1, succeeded: 1 });
    expect(arrived(stage)).toEqual(['OrderCanceled O-1']);
  });
});

describeDatabases(
  'a replay beside a transaction that is still open',
  (database) => {
    const stage = useStage(database);

    it('passes over nothing that is committed late', async () => {
      const host = await stage.host();
      const jobs = host.get(JobsService);
      const open = host.dataSource.createQueryRunner();
      await open.startTransaction();
      await open.query(`INSERT INTO webhooks_events (id, tenant, type, data, catalog_version, occurred_at, created_at, fence)
        SELECT 'evt_late', 'default', 'OrderCreated', '{"order_id":"late","total":1,"pnr":null}', 1, now, now, 0
        FROM (SELECT (extract(epoch from statement_timestamp()) * 1000)::bigint AS now) n`);
      await host.webhooks.publish(OrderCreated.of('soon'), { tenant: TENANT });
      await host.webhooks.drain();
      host.clock.advance(1_000);
      const { id } = await stage.subscribe(host);
      const job = await jobs.replay(id, EVER);
      await host.webhooks.drain();
      expect(await jobs.get(job.id)).toMatchObject({ state: 'running', matched: 0 });

      await open.commitTransaction();
      await open.release();

      expect(await over(host, job)).toMatchObject({ state: 'done', matched: 2, succeeded: 2 });
      expect(arrived(stage)).toEqual(['OrderCreated late', 'OrderCreated soon']);
    });
  },
  'postgres',
);
