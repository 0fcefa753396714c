import type { SubscriptionInput, SubscriptionPatch } from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { partOf } from '../support/internals.js';
import { useStage } from '../support/stage.js';

/** What this suite asks of the store of rates. */
interface ControlStore {
  reserve(
    id: string,
    wanted: number,
    rate: { limit: number; perMs: number },
  ): Promise<{ granted: number; nextInMs: number }>;
}

const SECOND = 1_000;
const LIMIT = 3;
const PER = 60;
const LIMITED: SubscriptionInput = { limits: { rate: { limit: LIMIT, per: PER } } };

async function publish(host: Host, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await host.webhooks.publish(OrderCreated.of(`${n}`));
}

describeDatabases('the rate limit of a subscription', (database) => {
  const stage = useStage(database);

  // In two steps: what a look finds just before its time is put off by the milliseconds that were missing.
  const after = async (ms: number, ...hosts: [Host, ...Host[]]): Promise<number> => {
    for (const step of [ms, 200]) {
      hosts[0].clock.advance(step);
      await Promise.all(hosts.map((host) => host.webhooks.drain()));
    }
    return stage.receiver.requests.length;
  };

  it('lets so many requests through in any such time, and burns no attempt of the others', async () => {
    const host = await stage.host();
    await stage.subscribe(host, LIMITED);
    await publish(host, 10);

    expect(await after(0, host)).toBe(3);
    expect(await after(45 * SECOND, host)).toBe(3);
    expect(await after(16 * SECOND, host)).toBe(6);
    expect(await after(45 * SECOND, host)).toBe(6);
    expect(await after(16 * SECOND, host)).toBe(9);
    expect(await after(61 * SECOND, host)).toBe(10);

    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 1`)).toBe(10);
  });

  it('slides: what was sent later makes room later', async () => {
    const host = await stage.host();
    await stage.subscribe(host, LIMITED);
    await publish(host, 1);
    expect(await after(0, host)).toBe(1);
    host.clock.advance(40 * SECOND);
    await publish(host, 9);

    expect(await after(0, host)).toBe(3);
    expect(await after(21 * SECOND, host)).toBe(4);
    expect(await after(30 * SECOND, host)).toBe(4);
    expect(await after(10 * SECOND, host)).toBe(6);
  });

  it('holds over two processes that send at the same time', async () => {
    const clock = new TestClock();
    const arrivedAt: number[] = [];
    stage.receiver.onRequest(() => arrivedAt.push(clock.now()));
    const first = await stage.host({ clock });
    const second = await stage.host({ clock });
    await stage.subscribe(first, LIMITED);
    await Promise.all([publish(first, 10), publish(second, 10)]);

    // In small steps: a request is reserved at one instant and arrives at another.
    for (let step = 0; step < 200 && arrivedAt.length < 20; step++) await after(3 * SECOND, first, second);

    expect(arrivedAt).toHaveLength(20);
    const spans = arrivedAt.slice(LIMIT).map((at, index) => at - arrivedAt[index]!);
    expect(Math.min(...spans)).toBeGreaterThan((PER - 10) * SECOND);
    expect(new Set(stage.receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(20);
  });

  it('holds when many reserve at the same instant', async () => {
    const hosts = [await stage.host(), await stage.host()];
    const stores = hosts.map((host) => partOf<ControlStore>(host, 'ControlStore'));
    const rate = { limit: 10, perMs: 60_000 };

    const reservations = [...stores, ...stores, ...stores].map((store) => store.reserve('sub_1', 4, rate));
    const grants = await Promise.all(reservations);

    expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(10);
    expect(Math.max(...grants.map(({ nextInMs }) => nextInMs))).toBeLessThanOrEqual(60_000);
  });

  it('counts retries like any other request', async () => {
    stage.receiver.answer('/hook', 500, 500, 500, 204);
    const host = await stage.host();
    await stage.subscribe(host, { limits: { ...LIMITED.limits, retry_schedule: [5, 5, 5] } });
    await publish(host, 3);

    expect(await after(0, host)).toBe(3);
    expect(await after(7 * SECOND, host)).toBe(3);
    expect(await after(55 * SECOND, host)).toBe(6);
    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 2 AND step = 1`)).toBe(3);
  });

  it('concerns nobody else', async () => {
    const host = await stage.host();
    await stage.subscribe(host, LIMITED);
    await stage.subscribe(host, { url: stage.receiver.url('/other') });
    await publish(host, 10);

    await host.webhooks.drain();

    expect(stage.receiver.requestsTo('/hook')).toHaveLength(3);
    expect(stage.receiver.requestsTo('/other')).toHaveLength(10);
  });

  it('is what it was after a restart', async () => {
    const host = await stage.host();
    await stage.subscribe(host, LIMITED);
    await publish(host, 5);
    await host.webhooks.drain();
    await host.close();

    const next = await stage.host({ clock: host.clock });
    await next.webhooks.drain();

    expect(await after(50 * SECOND, next)).toBe(3);
    expect(await after(11 * SECOND, next)).toBe(5);
  });

  it('may be lifted: everything goes out', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, LIMITED);
    await publish(host, 10);
    await host.webhooks.drain();

    await host.subscriptions.update(id, { limits: { rate: null } } as SubscriptionPatch);

    expect(await after(61 * SECOND, host)).toBe(10);
  });

  it.each([
    { limit: 0, per: 60 },
    { limit: 5 },
    { limit: 5, per: 0 },
    { limit: 5, per: 4_000 },
    { limit: 1.5, per: 60 },
    { limit: 5, per: 60, burst: 2 },
    'fast',
  ])('is refused when it is %j', async (rate) => {
    const host = await stage.host();

    const work = stage.subscribe(host, { limits: { rate } } as unknown as SubscriptionInput);

    await expect(work).rejects.toMatchObject({
      code: 'SUBSCRIPTION_INVALID',
      issues: [{ path: 'limits.rate', message: expect.any(String) as unknown }],
    });
  });
});
