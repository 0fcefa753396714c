import {
  DeliveriesService,
  EventsService,
  TrialsService,
  type RetentionOptions,
  type SubscriptionInput,
  type Timer,
} from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const NO_RETRY: SubscriptionInput = { limits: { retry_schedule: [10] } };

/** The hourly turn never comes. */
class SweptByHand extends TestClock {
  override after(ms: number, action: () => void): Timer {
    return ms > HOUR / 2 ? { cancel: () => undefined } : super.after(ms, action);
  }
}

describeDatabases('retention', (database) => {
  const stage = useStage(database);

  const host = (retention: RetentionOptions = {}): Promise<Host> =>
    stage.host({ webhooks: { retention }, clock: new SweptByHand() });

  async function publish(of: Host, order: string): Promise<string> {
    of.clock.advance(2);
    const { id } = await of.webhooks.publish(OrderCreated.of(order), { idempotencyKey: order });
    await of.webhooks.drain();
    return id;
  }

  async function counts(of: Host): Promise<number[]> {
    const tables = ['events', 'deliveries', 'attempts', 'idempotency_keys', 'sequences'];
    return Promise.all(tables.map((table) => of.count(table)));
  }

  it('keeps deliveries and their attempts for 30 days, and events for ever', async () => {
    const started = await host();
    await stage.subscribe(started);
    await publish(started, 'A');
    started.clock.advance(20 * DAY);
    await publish(started, 'B');
    started.clock.advance(11 * DAY);

    const swept = await started.get(EventsService).sweepRetention();

    expect(swept).toEqual({ events: 0, deliveries: 1, attempts: 1, payloads: 0 });
    expect(await counts(started)).toEqual([2, 1, 1, 2, 2]);
  });

  it('deletes events after their days with everything of them, their idempotency keys too, but no sequence', async () => {
    const started = await host({ events: 7 });
    await stage.subscribe(started);
    await publish(started, 'A');
    started.clock.advance(8 * DAY);
    await publish(started, 'B');

    const swept = await started.get(EventsService).sweepRetention();

    expect(swept).toEqual({ events: 1, deliveries: 1, attempts: 1, payloads: 0 });
    expect(await counts(started)).toEqual([1, 1, 1, 1, 2]);
    const again = await publish(started, 'A');
    expect((await started.get(EventsService).get(again)).sequence).toBe(2);
  });

  it('never touches a row with open or held deliveries, however old', async () => {
    const started = await host({ events: 1, deliveries: 1, payloads: 1 });
    const { id } = await stage.subscribe(started);
    await started.subscriptions.pause(id);
    await publish(started, 'held');
    started.clock.advance(100 * DAY);

    const swept = await started.get(EventsService).sweepRetention();

    expect(swept).toEqual({ events: 0, deliveries: 0, attempts: 0, payloads: 0 });
    await started.subscriptions.resume(id);
    expect(await stage.arrivedOrders(started)).toEqual(['held']);
  });

  it('keeps a delivery that was sent again a while ago', async () => {
    const started = await host({ deliveries: 10 });
    await stage.subscribe(started);
    await publish(started, 'A');
    started.clock.advance(9 * DAY);
    const deliveries = started.get(DeliveriesService);
    const [delivery] = (await deliveries.list()).items;
    await deliveries.resend(delivery!.id);
    await started.webhooks.drain();
    started.clock.advance(5 * DAY);

    await started.get(EventsService).sweepRetention();

    expect((await deliveries.get(delivery!.id)).attempt_log).toHaveLength(2);
  });

  it('expunges payloads earlier than it deletes events, and each once', async () => {
    const started = await host({ payloads: 3, deliveries: 3_650 });
    await stage.subscribe(started);
    const old = await publish(started, 'A');
    started.clock.advance(4 * DAY);
    const young = await publish(started, 'B');
    const events = started.get(EventsService);

    const sweeps = [await events.sweepRetention(), await events.sweepRetention()];

    expect(sweeps.map(({ payloads }) => payloads)).toEqual([1, 0]);
    expect((await events.get(old)).data).toBeNull();
    expect((await events.get(young)).data).toMatchObject({ order_id: 'B' });
  });

  it('expunges a payload that had to wait for an open delivery when that goes', async () => {
    const started = await host({ payloads: 3, deliveries: 10 });
    const { id } = await stage.subscribe(started);
    await started.subscriptions.pause(id);
    const event = await publish(started, 'A');
    const events = started.get(EventsService);
    started.clock.advance(4 * DAY);
    await events.sweepRetention();
    expect((await events.get(event)).data).not.toBeNull();

    await started.subscriptions.resume(id);
    await started.webhooks.drain();
    started.clock.advance(11 * DAY);

    expect(await events.sweepRetention()).toMatchObject({ deliveries: 1, payloads: 1 });
    expect((await events.get(event)).data).toBeNull();
  });

  it('takes test sends with their deliveries', async () => {
    const started = await host();
    const { id } = await stage.subscribe(started, NO_RETRY);
    await started.get(TrialsService).send(id);
    await publish(started, 'A');
    started.clock.advance(31 * DAY);

    expect(await started.get(EventsService).sweepRetention()).toMatchObject({ events: 1, deliveries: 2 });
    expect(await started.count('events', 'test IS NOT NULL')).toBe(0);
  });

  it('leaves a reader in the order of commits no number that was read before', async () => {
    const started = await host({ events: 7 });
    await publish(started, 'A');
    const events = started.get(EventsService);
    const { next } = await events.list({ order: 'commit' });
    started.clock.advance(8 * DAY);
    await events.sweepRetention();

    await publish(started, 'B');

    const { items } = await events.list({ order: 'commit', cursor: next! });
    expect(items.map(({ data }) => data?.['order_id'])).toEqual(['B']);
  });

  it('leaves such a reader no number of a test either, and takes the test when another event has come', async () => {
    const started = await host();
    const { id } = await stage.subscribe(started, NO_RETRY);
    await started.get(TrialsService).send(id);
    await started.webhooks.drain();
    const events = started.get(EventsService);
    const { next } = await events.list({ order: 'commit' });
    started.clock.advance(31 * DAY);
    await events.sweepRetention();

    await publish(started, 'A');

    const { items } = await events.list({ order: 'commit', cursor: next! });
    expect(items.map(({ data }) => data?.['order_id'])).toEqual(['A']);
    await events.sweepRetention();
    expect([await started.count('events'), await started.count('deliveries')]).toEqual([1, 1]);
  });

  it('sweeps in many steps', async () => {
    const started = await host({ events: 7 });
    await stage.subscribe(started);
    await started.webhooks.publishMany(
      Array.from({ length: 230 }, (_, n) => ({ event: OrderCreated.of(`O-${n}`) })),
    );
    await started.webhooks.drain();
    started.clock.advance(8 * DAY);
    await publish(started, 'new');

    const swept = await started.get(EventsService).sweepRetention();

    expect(swept).toMatchObject({ events: 230, deliveries: 230, attempts: 230 });
  });

  it('is done by itself within the hours, by one of several processes', async () => {
    const hosts = [await stage.host(), await stage.host()];
    const [started, other] = hosts as [Host, Host];
    await stage.subscribe(started);
    await publish(started, 'A');
    for (const each of hosts) each.clock.advance(31 * DAY);

    for (const each of [...hosts, ...hosts]) each.clock.advance(HOUR);
    while ((await started.count('deliveries')) > 0) await new Promise(setImmediate);

    expect(await other.count('deliveries')).toBe(0);
  });
});

describeDatabases('a process that does not send', (database) => {
  const stage = useStage(database);

  it('does not sweep by itself', async () => {
    const statements: string[] = [];
    const office = await stage.host({
      webhooks: { dispatch: false },
      onStatement: (sql) => statements.push(sql),
    });
    statements.length = 0;

    office.clock.advance(10 * HOUR);
    await new Promise(setImmediate);
    await office.count('events');

    expect(statements.filter((sql) => sql.includes('rates') || sql.includes('DELETE'))).toEqual([]);
  });
});
