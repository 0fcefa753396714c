import type { Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { StopScope } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import { untilLetGo } from '../support/let-go.js';
import { OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { useStage } from '../support/stage.js';
import { StatementTap } from '../support/statement-tap.js';

const SWEEP_MS = 5_000;
const LOOK = /fence = t\.fence \+ 1 /;

/** Two tenants: `a` with two subscriptions, `b` with one. Gives the id of the first one. */
async function subscribeAll(stage: Stage, host: Host): Promise<string> {
  const { id } = await stage.subscribe(host, { tenant: 'a', url: stage.receiver.url('/a1') });
  await stage.subscribe(host, { tenant: 'a', url: stage.receiver.url('/a2') });
  await stage.subscribe(host, { tenant: 'b', url: stage.receiver.url('/b1') });
  return id;
}

async function publishToAll(host: Host): Promise<void> {
  for (const tenant of ['a', 'b']) await host.webhooks.publish(OrderCreated.of(`of-${tenant}`), { tenant });
  await host.webhooks.drain();
}

/** The paths at which something has arrived, sorted. */
const arrived = ({ receiver }: Stage): string[] => receiver.requests.map(({ path }) => path).sort();

const EVERYBODY = ['/a1', '/a2', '/b1'];
const CASES: [string, (firstOfA: string) => StopScope, readonly string[]][] = [
  ['for everybody', () => ({}), []],
  ['for a tenant', () => ({ tenant: 'a' }), ['/b1']],
  ['for a subscription', (subscription) => ({ subscription }), ['/a2', '/b1']],
];

interface DueStore {
  claim(...input: unknown[]): Promise<unknown>;
}

/** A part of a host that holds its first look for what is due back. */
function firstLookAfter(time: Promise<void>): Provider {
  return {
    provide: 'first look',
    inject: [ModulesContainer],
    useFactory: (modules: ModulesContainer) => ({
      onModuleInit: () => {
        const store = partOf<DueStore>({ get: () => modules } as unknown as Host, 'DeliveryStore');
        const { claim } = store;
        store.claim = async (...input) => {
          store.claim = claim;
          await time;
          return claim.apply(store, input);
        };
      },
    }),
  };
}

describeDatabases('the stop switch', (database) => {
  const stage = useStage(database);

  it.each(CASES)('%s holds their deliveries back, and lets them go', async (_title, scopeOf, others) => {
    const host = await stage.host();
    const scope = scopeOf(await subscribeAll(stage, host));

    await host.webhooks.stopDeliveries(scope);
    await publishToAll(host);
    host.clock.advance(60_000);
    await host.webhooks.drain();
    const meanwhile = arrived(stage);
    await host.webhooks.startDeliveries(scope);
    await host.webhooks.drain();

    expect(meanwhile).toEqual(others);
    expect(arrived(stage)).toEqual(EVERYBODY);
    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 1`)).toBe(3);
  });

  it('also holds back what waits for its next attempt', async () => {
    stage.receiver.answer('*', 500, 500, 500, 204);
    const host = await stage.host();
    await subscribeAll(stage, host);
    await publishToAll(host);

    await host.webhooks.stopDeliveries({ tenant: 'a' });
    host.clock.advance(10_000);
    await host.webhooks.drain();
    expect(arrived(stage)).toEqual(['/a1', '/a2', '/b1', '/b1']);
    await host.webhooks.startDeliveries({ tenant: 'a' });
    await host.webhooks.drain();

    expect(arrived(stage)).toEqual(['/a1', '/a1', '/a2', '/a2', '/b1', '/b1']);
  });

  it('works at once on what is in the queue already: only attempts under way end', async () => {
    const { until, letGo } = untilLetGo();
    stage.receiver.answer('/a1', { status: 204, until });
    const host = await stage.host({ webhooks: { delivery: { concurrencyPerSubscription: 1 } } });
    await stage.subscribe(host, { tenant: 'a', url: stage.receiver.url('/a1') });
    const count = 60;
    await host.webhooks.publishMany(
      Array.from({ length: count }, (_, n) => ({ event: OrderCreated.of(`${n}`), tenant: 'a' })),
    );
    await stage.receiver.waitFor(1);

    await host.webhooks.stopDeliveries({ tenant: 'a' });
    letGo();
    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(1);
    await host.webhooks.startDeliveries({ tenant: 'a' });
    host.clock.advance(2_000);
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(count);
    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 1`)).toBe(count);
  });

  it.each(CASES)('%s reaches another process with its next look', async (_title, scopeOf, others) => {
    const office = await stage.host({ webhooks: { dispatch: false } });
    const worker = await stage.host({ clock: office.clock });
    const scope = scopeOf(await subscribeAll(stage, office));
    await worker.webhooks.drain();

    await office.webhooks.stopDeliveries(scope);
    await publishToAll(office);
    await worker.webhooks.drain();
    const meanwhile = arrived(stage);
    await office.webhooks.startDeliveries(scope);
    office.clock.advance(SWEEP_MS);
    await worker.webhooks.drain();

    expect(meanwhile).toEqual(others);
    expect(arrived(stage)).toEqual(EVERYBODY);
  });

  it.each([
    ['stopping', [], EVERYBODY],
    ['starting', EVERYBODY, EVERYBODY],
  ] as const)('knows better than a look that began before: %s', async (what, atOnce, inTheEnd) => {
    const office = await stage.host({ webhooks: { dispatch: false } });
    const worker = await stage.host({ clock: office.clock });
    await subscribeAll(stage, office);
    if (what === 'starting') await worker.webhooks.stopDeliveries();
    await worker.webhooks.drain();
    const look = new StatementTap(worker).holdAnswer(LOOK);
    await publishToAll(office);
    office.clock.advance(SWEEP_MS);
    await look.reached;

    if (what === 'starting') await worker.webhooks.startDeliveries();
    else await worker.webhooks.stopDeliveries();
    look.open();
    await worker.webhooks.drain();
    expect(arrived(stage)).toEqual(atOnce);

    await worker.webhooks.startDeliveries();
    await worker.webhooks.drain();
    expect(arrived(stage)).toEqual(inTheEnd);
  });

  it('is known to a process that starts before its first look is over', async () => {
    const office = await stage.host({ webhooks: { dispatch: false } });
    await subscribeAll(stage, office);
    await office.webhooks.stopDeliveries();
    const { until, letGo } = untilLetGo();
    const worker = await stage.host({ clock: office.clock, providers: [firstLookAfter(until)] });

    const published = worker.webhooks.publish(OrderCreated.of('A'), { tenant: 'a' });
    await published.finally(letGo);
    await worker.webhooks.drain();

    expect(arrived(stage)).toEqual([]);
  });

  it('is known to a process that starts later', async () => {
    const first = await stage.host({ webhooks: { dispatch: false } });
    await subscribeAll(stage, first);
    await first.webhooks.stopDeliveries();
    await publishToAll(first);
    await first.close();

    const next = await stage.host();
    await publishToAll(next);

    expect(arrived(stage)).toEqual([]);
    await next.webhooks.startDeliveries();
    await next.webhooks.drain();
    expect(arrived(stage)).toEqual([...EVERYBODY, ...EVERYBODY].sort());
  });

  it('keeps each scope by itself: starting one does not start another', async () => {
    const host = await stage.host();
    const subscription = await subscribeAll(stage, host);
    await host.webhooks.stopDeliveries({ tenant: 'a' });
    await host.webhooks.stopDeliveries({ tenant: 'a' });
    await host.webhooks.stopDeliveries({ subscription });

    await host.webhooks.startDeliveries({ tenant: 'a' });
    await host.webhooks.startDeliveries({ tenant: 'never stopped' });
    await publishToAll(host);

    expect(arrived(stage)).toEqual(['/a2', '/b1']);
  });

  it('does not keep events from being published', async () => {
    const host = await stage.host();
    await subscribeAll(stage, host);
    await host.webhooks.stopDeliveries();

    const { id } = await host.webhooks.publish(OrderCreated.of('A'), { tenant: 'a' });

    expect(await host.count('events', `id = '${id}'`)).toBe(1);
  });

  it('holds back what is resent by hand, too', async () => {
    const host = await stage.host();
    await subscribeAll(stage, host);
    await publishToAll(host);
    const [{ id }] = (await host.dataSource.query('SELECT id FROM webhooks_deliveries')) as [{ id: string }];
    await host.webhooks.stopDeliveries();

    await host.get(DeliveriesService).resend(id);
    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(3);
    await host.webhooks.startDeliveries();
    host.clock.advance(2_000);
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(4);
  });

  it('is no failure: nothing is counted against the subscription or its deliveries', async () => {
    const host = await stage.host();
    await subscribeAll(stage, host);
    await host.webhooks.stopDeliveries();
    await publishToAll(host);

    host.clock.advance(3 * 86_400_000);
    await host.webhooks.drain();

    expect(await host.count('attempts')).toBe(0);
    expect(await host.count('health')).toBe(0);
    expect(await host.count('deliveries', `state <> 'pending' OR attempts > 0 OR step > 0`)).toBe(0);
  });
});
