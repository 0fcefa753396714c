import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import type { Racer } from '../support/race.js';
import { useRace, waiterIn } from '../support/race.js';

/** So much is used up of a lease that the rest is too short for an attempt. */
const MOST_OF_IT_MS = 50_000;

const RENEWAL = /\+ \$2 FROM/;
const SUBSCRIPTIONS = /AS set_version/;
const STOPS = /^SELECT scope FROM/;
const CLAIM = /fence = t\.fence \+ 1 /;
const FAN_OUT = /INSERT INTO "webhooks_deliveries"/;

describeDatabases('what a process learns while it waits for an answer', (database) => {
  const race = useRace(database);
  const delivery = { concurrencyPerSubscription: 1 };

  /** Two deliveries of a subscription, of which the second waits for the first. */
  async function twoInHand() {
    const host = await race.host({ webhooks: { delivery } });
    const { id } = await race.stage.subscribe(host, { url: race.receiver.url() });
    await host.webhooks.publishMany([OrderCreated.of('A'), OrderCreated.of('B')]);
    const done = host.webhooks.drain();
    return { host, id, done, first: await race.receiver.next() };
  }

  const OFF: [string, (host: Racer, id: string) => Promise<unknown>][] = [
    ['is stopped', (host) => host.webhooks.stopDeliveries()],
    ['is paused', (host, id) => host.subscriptions.pause(id)],
    ['is deleted', (host, id) => host.subscriptions.delete(id)],
  ];

  it.each(OFF)('begins no attempt when all %s while a lease is renewed', async (_what, switchOff) => {
    const { host, id, done, first } = await twoInHand();
    host.clock.advance(MOST_OF_IT_MS);
    const renewal = host.tap.hold(RENEWAL);
    first.answer(204);
    await renewal.reached;

    await switchOff(host, id);
    renewal.open();

    expect(await race.receiver.nextBefore(done)).toBeUndefined();
  });

  it.each(OFF)('begins no attempt when all %s while the subscriptions are read', async (_what, switchOff) => {
    const { host, id, done, first } = await twoInHand();
    await host.subscriptions.update(id, { description: 'read them again' });
    const reading = host.tap.holdAnswer(SUBSCRIPTIONS);
    first.answer(204);
    await reading.reached;

    await switchOff(host, id);
    reading.open();

    expect(await race.receiver.nextBefore(done)).toBeUndefined();
  });

  it.each([
    ['knows of it', (host: Racer) => Promise.resolve(host)],
    ['does not know of it yet', () => race.host()],
  ])(
    'leaves a subscription alone that was moved while its old receiver said: gone (a process that %s)',
    async (_who, other) => {
      const host = await race.host();
      const { id } = await race.stage.subscribe(host, { url: race.receiver.url('/old') });
      await host.webhooks.publish(OrderCreated.of('A'));
      const old = await race.receiver.next();
      await (await other(host)).subscriptions.update(id, { url: race.receiver.url('/new') });

      old.answer(410);
      await host.webhooks.drain();

      expect(await host.subscriptions.get(id)).toMatchObject({ state: 'enabled' });
    },
  );

  it('stops two tenants, although the list with the first of them comes last', async () => {
    const host = await race.host();
    for (const tenant of ['a', 'b']) await race.stage.subscribe(host, { tenant, url: race.receiver.url() });
    await host.webhooks.drain();
    const list = host.tap.holdAnswer(STOPS);
    const claim = host.tap.hold(CLAIM);
    const first = host.webhooks.stopDeliveries({ tenant: 'a' });
    await list.reached;

    await host.webhooks.stopDeliveries({ tenant: 'b' });
    list.open();
    await first;
    const written = host.tap.ran(FAN_OUT);
    await host.webhooks.publish(OrderCreated.of('A'), { tenant: 'b' });

    const sent = await race.receiver.nextBefore(written);
    claim.open();
    expect(sent).toBeUndefined();
  });

  it('drains what fell due behind the back of the look that it waits for', async () => {
    const host = await race.host();
    await race.stage.subscribe(host, { ordering: 'subject' });
    await host.webhooks.drain();
    const look = host.tap.holdAnswer(CLAIM);
    const done = host.webhooks.drain();
    await look.reached;

    const released = host.tap.ran(FAN_OUT);
    await host.webhooks.publishMany([OrderCreated.of('A'), OrderCreated.of('A')]);
    await released;
    look.open();
    await done;

    expect(race.stage.receiver.requestsTo('/hook')).toHaveLength(2);
  });
});

describeDatabases(
  'a delivery whose row is committed while its subscription is disabled',
  (database) => {
    const race = useRace(database);

    it('is not sent, and is held at the latest when it falls due', async () => {
      const host = await race.host();
      race.receiver.answerAll(500);
      const { id } = await race.stage.subscribe(host, { url: race.receiver.url() });
      await host.webhooks.publishMany(Array.from({ length: 10 }, () => OrderCreated.of('A')));
      await host.webhooks.drain();
      // Its circuit is open: what is new gets a row, to be sent when it may be closed again.
      const fanOut = host.tap.hold(FAN_OUT);
      await host.webhooks.publish(OrderCreated.of('B'));
      await fanOut.reached;
      const blocker = host.dataSource.createQueryRunner();
      await blocker.startTransaction();
      await blocker.query('SELECT 1 FROM webhooks_events WHERE due_at IS NOT NULL FOR UPDATE');
      fanOut.open();
      await waiterIn(host);

      await host.subscriptions.disable(id);
      await blocker.commitTransaction();
      await blocker.release();
      await host.webhooks.drain();
      const before = race.receiver.count;
      host.clock.advance(3_600_000);
      await host.webhooks.drain();

      expect(race.receiver.count).toBe(before);
      expect(await host.count('deliveries', `state = 'held' AND held_by = 'disabled'`)).toBe(11);
    });
  },
  'postgres',
);
