import type { DeliveryOptions, SubscriptionInput } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { useStage } from '../support/stage.js';

const HANG = { kind: 'hang' } as const;
/** Attempts that hang are ended when the host closes, and not before by their deadline, however slow the machine. */
const IMPATIENT: DeliveryOptions = { drainTimeout: 20, timeout: 600_000, lease: 1_200_000 };
/** Whatever happens, happens without the regular look. */
const NO_LOOKS: DeliveryOptions = { sweepInterval: 3_600_000 };

const start = (stage: Stage, delivery: DeliveryOptions = {}): Promise<Host> =>
  stage.host({ webhooks: { delivery: { ...IMPATIENT, ...delivery } } });

async function publish(host: Host, count: number, tenant: string): Promise<void> {
  const orders = Array.from({ length: count }, (_, n) => ({
    event: OrderCreated.of(`${tenant}-${n}`),
    tenant,
  }));
  await host.webhooks.publishMany(orders);
}

/** A subscription of a tenant at the path of the same name. */
async function subscribe(
  stage: Stage,
  host: Host,
  tenant: string,
  input: SubscriptionInput = {},
): Promise<string> {
  const { id } = await stage.subscribe(host, { tenant, url: stage.receiver.url(`/${tenant}`), ...input });
  return id;
}

/** Resolves when so many requests have arrived at a path. */
async function arrive(stage: Stage, path: string, count: number): Promise<void> {
  await stage.receiver.waitFor(() => stage.receiver.requestsTo(path).length >= count);
}

describeDatabases('attempts at a time', (database) => {
  const stage = useStage(database);

  /** How many requests hang at a path at most, seen when another subscription's events have all arrived. */
  const hanging = async (host: Host, tenant: string): Promise<number> => {
    stage.receiver.clear();
    stage.receiver.answer(`/${tenant}`, HANG);
    await publish(host, 30, tenant);
    await publish(host, 40, 'other');
    await arrive(stage, '/other', 40);
    return stage.receiver.requestsTo(`/${tenant}`).length;
  };

  /** An endpoint earns its share by answering well. */
  const trusted = async (host: Host, tenant: string): Promise<void> => {
    await publish(host, 40, tenant);
    await host.webhooks.drain();
  };

  it.each<[number, string, SubscriptionInput, DeliveryOptions]>([
    [8, 'for each subscription', {}, {}],
    [3, 'when it asks for no more', { limits: { concurrency: 3 } }, {}],
    [5, 'by the option concurrencyPerSubscription', {}, { concurrencyPerSubscription: 5 }],
    [
      5,
      'by that option, even when it asks for more',
      { limits: { concurrency: 50 } },
      { concurrencyPerSubscription: 5 },
    ],
  ])('are at most %d %s', async (most, _title, input, options) => {
    const host = await start(stage, options);
    await subscribe(stage, host, 'a', input);
    await subscribe(stage, host, 'other');
    await trusted(host, 'a');

    expect(await hanging(host, 'a')).toBe(most);
  });

  it('are at most 2 to an endpoint that nothing is known of', async () => {
    const host = await start(stage);
    await subscribe(stage, host, 'a');
    await subscribe(stage, host, 'other');

    expect(await hanging(host, 'a')).toBe(2);
  });

  it('are fewer after failures', async () => {
    const host = await start(stage);
    await subscribe(stage, host, 'a');
    await subscribe(stage, host, 'other');
    await trusted(host, 'a');
    stage.receiver.answer('/a', 500);
    await publish(host, 4, 'a');
    await host.webhooks.drain();

    expect(await hanging(host, 'a')).toBe(1);
  });

  it('are at most concurrencyPerTenant for all subscriptions of a tenant', async () => {
    const host = await start(stage, { concurrencyPerTenant: 5 });
    for (let n = 0; n < 4; n++) await subscribe(stage, host, 'a');
    await subscribe(stage, host, 'other');

    expect(await hanging(host, 'a')).toBe(5);
  });
});

describeDatabases('one subscription', (database) => {
  const stage = useStage(database);

  /** The place, among all arrivals, of the last request to a path. */
  const lastPlaceOf = (path: string): number =>
    stage.receiver.requests.map((request) => request.path).lastIndexOf(path);

  it('with a large backlog takes turns with the others', async () => {
    const publisher = await stage.host({ webhooks: { dispatch: false } });
    for (const tenant of ['big', 'small']) await subscribe(stage, publisher, tenant);
    await publish(publisher, 200, 'big');
    await publish(publisher, 10, 'small');

    const worker = await start(stage, { concurrency: 1 });
    await worker.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(210);
    expect(lastPlaceOf('/small')).toBeLessThan(40);
  });

  it.each([100, 2_000])(
    'with more waiting than fits into the window (%d) delays nobody else',
    async (window) => {
      const publisher = await stage.host({ webhooks: { dispatch: false } });
      for (const tenant of ['big', 'small']) await subscribe(stage, publisher, tenant);
      const backlog = Math.max(1_000, 1.5 * window);
      await publish(publisher, backlog, 'big');
      await publish(publisher, 10, 'small');

      stage.receiver.answer('/big', { status: 204, delayMs: 50 });
      const worker = await start(stage, { window, ...NO_LOOKS });
      await arrive(stage, '/small', 10);
      const place = lastPlaceOf('/small');
      stage.receiver.answer('/big', 204);
      await worker.webhooks.drain();

      expect(place).toBeLessThan(backlog / 4);
      expect(stage.receiver.requests).toHaveLength(backlog + 10);
    },
  );

  it.each([100, 2_000])(
    'with more waiting than fits into the window (%d) does not wait for the regular look',
    async (window) => {
      const publisher = await stage.host({ webhooks: { dispatch: false } });
      await subscribe(stage, publisher, 'big');
      await publish(publisher, 1.5 * window, 'big');

      await start(stage, { window, ...NO_LOOKS });
      await arrive(stage, '/big', 1.5 * window);

      expect(stage.receiver.requests).toHaveLength(1.5 * window);
    },
  );

  it.each([1, 3, 7])('of %d that hang does not keep a healthy one from its events', async (count) => {
    const host = await start(stage, { concurrency: 4 });
    const sick = Array.from({ length: count }, (_, n) => `sick-${n}`);
    for (const tenant of [...sick, 'healthy']) await subscribe(stage, host, tenant);
    stage.receiver.answer('*', HANG);
    stage.receiver.answer('/healthy', 204);
    for (const tenant of sick) await publish(host, 20, tenant);
    await stage.receiver.waitFor(Math.min(4, 2 * count));

    await publish(host, 50, 'healthy');
    await arrive(stage, '/healthy', 50);

    const answered = await host.count('attempts', `error IS NOT NULL`);
    expect(answered).toBe(0);
    expect(stage.receiver.requestsTo('/healthy')).toHaveLength(50);
  });

  it('that is dead, with a backlog of its own, leaves the others in the claims of the next process', async () => {
    stage.receiver.answer('/dead', 500);
    const first = await start(stage);
    for (const tenant of ['dead', 'healthy']) await subscribe(stage, first, tenant);
    await publish(first, 300, 'dead');
    await first.webhooks.drain();
    await first.close();
    const publisher = await stage.host({ webhooks: { dispatch: false }, clock: first.clock });
    await publish(publisher, 50, 'healthy');

    const next = await stage.host({ webhooks: { delivery: { window: 100 } }, clock: first.clock });
    await next.webhooks.drain();

    expect(stage.receiver.requestsTo('/dead')).toHaveLength(10);
    expect(stage.receiver.requestsTo('/healthy')).toHaveLength(50);
  });
});

describeDatabases('first attempts', (database) => {
  const stage = useStage(database);

  it('do not stand behind late retries, however many and however long due', async () => {
    stage.receiver.answer('/late', 500);
    const first = await stage.host({ webhooks: { health: { failureThreshold: 10_000 } } });
    // Longer than it takes until they have all failed once.
    const limits = { retry_schedule: [3_600] };
    for (let n = 0; n < 30; n++) await subscribe(stage, first, 'late', { limits });
    const fresh = await subscribe(stage, first, 'fresh');
    await first.subscriptions.pause(fresh);
    await publish(first, 10, 'late');
    await publish(first, 40, 'fresh');
    await first.webhooks.drain();
    await first.close();
    const office = await stage.host({ webhooks: { dispatch: false }, clock: first.clock });
    office.clock.advance(2 * 3_600_000);
    await office.subscriptions.resume(fresh);
    stage.receiver.clear();
    stage.receiver.answer('/late', 204);

    const delivery = { concurrency: 1, window: 100 };
    const worker = await stage.host({ webhooks: { delivery }, clock: first.clock });
    await worker.webhooks.drain();

    const paths = stage.receiver.requests.map(({ path }) => path);
    expect(paths).toHaveLength(340);
    // One subscription of 31 takes its turn among the others: the first of its events are among the first to go.
    expect(paths.indexOf('/fresh')).toBeLessThan(31);
  });
});
