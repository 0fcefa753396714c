import { DeliveriesService, type StatsQuery } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const HOUR = 3_600_000;

async function publish(host: Host, tenant: string): Promise<void> {
  host.clock.advance(2);
  await host.webhooks.publish(OrderCreated.of('A'), { tenant });
  await host.webhooks.drain();
}

describeDatabases('the figures on deliveries', (database) => {
  const stage = useStage(database);

  it('count what became of them, of each subscription and of all, in steps of time', async () => {
    const host = await stage.host();
    const good = await stage.subscribe(host, { tenant: 'a', url: stage.receiver.url('/good') });
    const bad = await stage.subscribe(host, {
      tenant: 'a',
      url: stage.receiver.url('/bad'),
      limits: { retry_schedule: [10] },
    });
    stage.receiver.answer('/bad', 500);
    // All of it within two hours of the day, whenever the test runs.
    host.clock.advance(HOUR - (host.clock.now() % HOUR));
    const since = new Date(host.clock.now());
    await publish(host, 'a');
    host.clock.advance(HOUR);
    await publish(host, 'a');
    host.clock.advance(13_000);
    await host.webhooks.drain();
    await host.subscriptions.pause(good.id);
    await publish(host, 'a');
    host.clock.advance(2);

    const stats = await host.get(DeliveriesService).stats({ since });

    expect(stats.complete).toBe(true);
    expect(stats.total).toMatchObject({
      succeeded: 2,
      exhausted: 2,
      failed: 0,
      open: 2,
      attempts: 7,
      failed_attempts: 5,
      success_rate: 0.5,
    });
    expect(stats.total.latency_ms).toEqual({
      p50: expect.any(Number) as unknown,
      p95: expect.any(Number) as unknown,
      p99: expect.any(Number) as unknown,
    });
    expect(stats.buckets.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(7);
    expect(stats.buckets.length).toBe(2);
    expect(stats.buckets.every(({ at }) => at.endsWith(':00:00.000Z'))).toBe(true);
    expect(stats.backlog).toMatchObject({ pending: 1, held: 1, waiting: 0 });
    const of = new Map(stats.subscriptions.map((each) => [each.subscription_id, each]));
    expect(of.get(good.id)).toMatchObject({
      total: { succeeded: 2, open: 1, success_rate: 1, failed_attempts: 0 },
      backlog: { pending: 0, held: 1, oldest_pending_at: null },
    });
    expect(of.get(bad.id)).toMatchObject({
      total: { exhausted: 2, open: 1, success_rate: 0, failed_attempts: 5 },
      backlog: { pending: 1, held: 0, oldest_pending_at: stats.backlog.oldest_pending_at },
    });
  });

  it('tell operators how long it took until a target was not reached, and its tenant nothing of it', async () => {
    const host = await stage.host();
    const limits = { retry_schedule: [3_600] };
    await stage.subscribe(host, { tenant: 'a', url: 'http://127.0.0.1:1024/', limits });
    const since = new Date(host.clock.now());
    await publish(host, 'a');
    host.clock.advance(2);
    const deliveries = host.get(DeliveriesService);
    const latency = expect.objectContaining({ p99: expect.any(Number) as unknown }) as unknown;

    const operators = await deliveries.stats({ since });
    expect(operators.total).toMatchObject({ attempts: 1, failed_attempts: 1, latency_ms: latency });
    const tenants = await deliveries.stats({ since }, { tenant: 'a' });
    expect(tenants.total).toMatchObject({ attempts: 1, failed_attempts: 1, latency_ms: null });

    await stage.subscribe(host, { tenant: 'a' });
    await publish(host, 'a');
    host.clock.advance(2);
    const mixed = await deliveries.stats({ since }, { tenant: 'a' });
    expect(mixed.total).toMatchObject({ attempts: 3, failed_attempts: 2, latency_ms: latency });
    expect(mixed.subscriptions.map(({ total }) => total.latency_ms)).toEqual([null, latency]);
  });

  it('are those of a tenant, a subscription, a period', async () => {
    const host = await stage.host();
    const own = await stage.subscribe(host, { tenant: 'a' });
    await stage.subscribe(host, { tenant: 'b' });
    const since = new Date(host.clock.now() - HOUR);
    await publish(host, '*');
    host.clock.advance(2);
    const deliveries = host.get(DeliveriesService);

    const counted = async (query: Partial<StatsQuery>, tenant?: string): Promise<number> =>
      (await deliveries.stats({ since, ...query }, { tenant })).total.succeeded;

    expect(await counted({})).toBe(2);
    expect(await counted({}, 'a')).toBe(1);
    expect(await counted({ subscription: own.id })).toBe(1);
    expect(await counted({ subscription: own.id }, 'b')).toBe(0);
    expect(await counted({ until: since, since: new Date(since.getTime() - HOUR) })).toBe(0);
    expect(await deliveries.stats({ since }, { tenant: 'c' })).toMatchObject({
      total: { succeeded: 0, success_rate: null, latency_ms: null },
      buckets: [],
      subscriptions: [],
    });
  });

  it.each([
    ['since', {}],
    ['since', { since: '2026-03-02', until: '2026-03-01' }],
    ['bucket', { since: '2026-03-01', until: '2026-03-02', bucket: 'second' }],
    ['bucket', { since: '2026-03-01', until: '2026-03-03', bucket: 'minute' }],
  ])('names %s as the field that is wrong in %j', async (path, query) => {
    const host = await stage.host({ webhooks: { dispatch: false } });

    const stats = host.get(DeliveriesService).stats(query as unknown as StatsQuery);

    await expect(stats).rejects.toMatchObject({ code: 'QUERY_INVALID', path });
  });
});
