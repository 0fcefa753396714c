import type { Behaviour } from 'nestjs-webhooks/testing';
import { TestClock } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host, HostOptions } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One wait that no test comes near, so that whatever is sent earlier was not sent by the schedule. */
const FAR_OFF = { limits: { retry_schedule: [12 * 3_600] } };

describeDatabases('a failed delivery', (database) => {
  const stage = useStage(database);

  /** Lets time pass, sends what is due then, and gives the number of requests so far. */
  const after = async (host: Host, ms: number): Promise<number> => {
    host.clock.advance(ms);
    await host.webhooks.drain();
    return stage.receiver.requests.length;
  };

  const publish = async (host: Host, order = 'A'): Promise<void> => {
    await host.webhooks.publish(OrderCreated.of(order));
    await host.webhooks.drain();
  };

  it('is tried again after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, give or take 20 %, then is exhausted', async () => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host();
    await stage.subscribe(host);
    await publish(host);
    const hours = [2, 5, 10, 14, 20, 24].map((each) => each * HOUR);

    for (const [index, wait] of [5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...hours].entries()) {
      // Real time passes as well, more of it on a slow machine.
      const early = Math.max(0, 0.8 * wait - 20 * SECOND);
      expect(await after(host, early)).toBe(index + 1);
      expect(await after(host, 1.2 * wait + SECOND - early)).toBe(index + 2);
    }
    await after(host, 4 * DAY);

    expect(stage.receiver.requests).toHaveLength(10);
    expect(await host.count('deliveries', `state = 'exhausted' AND attempts = 10`)).toBe(1);
    expect(await host.count('deliveries', 'due_at IS NOT NULL')).toBe(0);
  });

  it('follows the schedule of its subscription in the place of the common one', async () => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host();
    await stage.subscribe(host, { limits: { retry_schedule: [100, 1_000] } });
    await publish(host);

    expect(await after(host, 75 * SECOND)).toBe(1);
    expect(await after(host, 50 * SECOND)).toBe(2);
    expect(await after(host, 790 * SECOND)).toBe(2);
    expect(await after(host, 415 * SECOND)).toBe(3);
    expect(await host.count('deliveries', `state = 'exhausted' AND attempts = 3`)).toBe(1);
  });

  it('is tried again whatever it failed with, redirects included, and no redirect is followed', async () => {
    const statuses = [301, 302, 307, 400, 401, 403, 404, 409, 422, 429, 500, 501, 502, 503, 504];
    const host = await stage.host();
    for (const status of statuses) {
      const headers = { location: stage.receiver.url('/elsewhere') };
      stage.receiver.answer(`/${status}`, { status, headers }, 204);
      await stage.subscribe(host, { url: stage.receiver.url(`/${status}`) });
    }

    await publish(host);
    await after(host, 10 * SECOND);

    const arrived = stage.receiver.requests.map(({ path }) => path).sort();
    expect(arrived).toEqual(statuses.flatMap((status) => [`/${status}`, `/${status}`]));
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(statuses.length);
  });

  it.each([
    ['reset', 'CONNECTION_RESET'],
    ['garbage', 'BAD_RESPONSE'],
    ['half-body', 'HTTP_STATUS'],
  ] as const)('is tried again after a fault: %s', async (kind, error) => {
    stage.receiver.answer('/hook', { kind, status: 500 } as Behaviour, 204);
    const host = await stage.host();
    await stage.subscribe(host);

    await publish(host);

    expect(await after(host, 10 * SECOND)).toBe(2);
    expect(await host.count('attempts', `number = 1 AND error = '${error}'`)).toBe(1);
    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 2`)).toBe(1);
  });

  it('is the last one after 410: its subscription is disabled with the reason "gone"', async () => {
    stage.receiver.answer('/hook', 410);
    const host = await stage.host();
    const { id } = await stage.subscribe(host);

    await publish(host, 'A');
    await publish(host, 'B');

    expect(await after(host, DAY)).toBe(1);
    expect(await host.subscriptions.get(id)).toMatchObject({ state: 'disabled', state_reason: 'gone' });
    expect(await host.count('deliveries', `state = 'failed' AND last_status = 410`)).toBe(1);
    expect(await host.count('deliveries')).toBe(1);
  });

  it('holds the others back after 410', async () => {
    stage.receiver.answer('/hook', 500, 410, 204);
    const host = await stage.host();
    await stage.subscribe(host, FAR_OFF);
    await publish(host, 'A');

    await publish(host, 'B');

    expect(await after(host, 2 * DAY)).toBe(2);
    expect(await host.count('deliveries', `state = 'held'`)).toBe(1);
  });
});

describeDatabases('Retry-After', (database) => {
  const stage = useStage(database);

  const after = async (host: Host, ms: number): Promise<number> => {
    host.clock.advance(ms);
    await host.webhooks.drain();
    return stage.receiver.requests.length;
  };

  const publishTo = async (limits: object = FAR_OFF, options: HostOptions = {}): Promise<Host> => {
    const host = await stage.host(options);
    await stage.subscribe(host, limits);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    return host;
  };

  it.each([429, 503])('in seconds says when a %d is tried again', async (status) => {
    stage.receiver.answer('/hook', { status, headers: { 'retry-after': '120' } }, 204);
    const host = await publishTo();

    expect(await after(host, 110 * SECOND)).toBe(1);
    expect(await after(host, 11 * SECOND)).toBe(2);
  });

  it('as an HTTP date says so, too', async () => {
    const date = new Date(Date.now() + 120 * SECOND).toUTCString();
    stage.receiver.answer('/hook', { status: 503, headers: { 'retry-after': date } }, 204);
    const host = await publishTo();

    expect(await after(host, 100 * SECOND)).toBe(1);
    expect(await after(host, 21 * SECOND)).toBe(2);
  });

  it('in the past means at once, but for a second', async () => {
    const date = new Date(Date.now() - DAY).toUTCString();
    stage.receiver.answer('/hook', { status: 503, headers: { 'retry-after': date } }, 204);
    const host = await publishTo();

    expect(await after(host, 1_100)).toBe(2);
  });

  it.each(['soon', '-5', '1.5', '1e9', 'Someday, 99 Foo 2026 00:00:00 GMT', ''])(
    'that makes no sense is passed over: %j',
    async (value) => {
      stage.receiver.answer('/hook', { status: 503, headers: { 'retry-after': value } }, 204);
      const host = await publishTo({ limits: { retry_schedule: [100] } });

      expect(await after(host, 75 * SECOND)).toBe(1);
      expect(await after(host, 50 * SECOND)).toBe(2);
    },
  );

  it('counts with 429 and 503 only', async () => {
    stage.receiver.answer('/hook', { status: 500, headers: { 'retry-after': '7200' } }, 204);
    const host = await publishTo({ limits: { retry_schedule: [100] } });

    expect(await after(host, 125 * SECOND)).toBe(2);
  });

  it('is capped at 24 hours', async () => {
    stage.receiver.answer('/hook', { status: 503, headers: { 'retry-after': '99999999' } }, 204);
    const host = await publishTo();

    expect(await after(host, DAY - MINUTE)).toBe(1);
    expect(await after(host, 2 * MINUTE)).toBe(2);
  });

  it('is not charged to the schedule', async () => {
    const later = { status: 503, headers: { 'retry-after': '10' } };
    stage.receiver.answer('/hook', later, later, later, 500, later, 500, 500);
    const host = await publishTo({ limits: { retry_schedule: [1, 1] } });

    for (let look = 0; look < 10; look++) await after(host, 11 * SECOND);

    expect(stage.receiver.requests).toHaveLength(7);
    expect(stage.receiver.requests.at(-1)!.headers['webhook-attempt']).toBe('7');
    expect(await host.count('deliveries', `state = 'exhausted' AND attempts = 7 AND step = 3`)).toBe(1);
  });

  it('does not keep a delivery alive for more than 5 days', async () => {
    stage.receiver.answer('/hook', { status: 503, headers: { 'retry-after': '90000' } });
    const host = await publishTo();
    const publishedAt = host.clock.now();

    for (let day = 0; day < 8; day++) await after(host, DAY + MINUTE);

    const last = await host.dataSource.query('SELECT max(started_at) AS at FROM webhooks_attempts');
    expect(Number((last as { at: unknown }[])[0]!.at) - publishedAt).toBeLessThanOrEqual(5 * DAY);
    expect(stage.receiver.requests).toHaveLength(5);
    expect(await host.count('deliveries', `state = 'exhausted'`)).toBe(1);
  });

  it('with 429 slows the whole subscription down, and nobody else', async () => {
    stage.receiver.answer('/hook', { status: 429, headers: { 'retry-after': '60' } }, 204);
    const host = await publishTo();
    await stage.subscribe(host, { url: stage.receiver.url('/other') });
    stage.receiver.clear();

    for (const order of ['B', 'C']) await host.webhooks.publish(OrderCreated.of(order));
    await after(host, 50 * SECOND);
    const [early, others] = ['/hook', '/other'].map((path) => stage.receiver.requestsTo(path).length);
    await after(host, 11 * SECOND);

    expect([early, others]).toEqual([0, 2]);
    expect(stage.receiver.requestsTo('/hook')).toHaveLength(3);
    expect(await host.count('deliveries', 'attempts > 2')).toBe(0);
  });

  it('need not be given: 429 alone means at least a second', async () => {
    const clock = new TestClock();
    const arrivedAt: number[] = [];
    stage.receiver.onRequest(() => arrivedAt.push(clock.monotonic()));
    stage.receiver.answer('/hook', 429, 204);
    const host = await publishTo(FAR_OFF, { clock });
    await host.webhooks.publish(OrderCreated.of('B'));
    await host.webhooks.drain();

    expect(await after(host, 1_100)).toBe(2);
    expect(arrivedAt[1]! - arrivedAt[0]!).toBeGreaterThanOrEqual(SECOND);
  });
});
