import { describeDatabases } from '../support/databases.js';
import { OrderCanceled, OrderCreated } from '../support/order-events.js';
import type { Racer } from '../support/race.js';
import { useRace, waiterIn } from '../support/race.js';
import type { Mutant } from '../support/statement-tap.js';

const FAN_OUT = /INSERT INTO "webhooks_deliveries"/;
const SETTLING = /INSERT INTO "webhooks_attempts"/;

const EARLIER_EVENT_UNSEEN: Mutant = {
  clause: 'AND f.sequence < t.sequence AND f.due_at',
  instead: 'AND false AND f.due_at',
};
const EARLIER_DELIVERY_UNSEEN: Mutant = {
  clause: `AND p.state IN ('pending', 'held', 'waiting')
        AND g.id`,
  instead: `AND p.state = 'waiting' AND g.id`,
};
const WITHOUT_LOCK: Mutant = { clause: 'FOR UPDATE OF q', instead: '' };

const typeOf = (request: { data: Record<string, unknown> } | undefined): unknown =>
  request?.data['event_type'];

describeDatabases('the order of a subject', (database) => {
  const race = useRace(database);

  async function hosts(): Promise<[Racer, Racer]> {
    const first = await race.host();
    await race.stage.subscribe(first, { url: race.receiver.url(), ordering: 'subject' });
    return [first, await race.host()];
  }

  /** One process is stopped before it fans the first event out, another one has the second: which one is sent first? */
  async function sentFirst(): Promise<unknown> {
    const [slow, other] = await hosts();
    const fanOut = slow.tap.hold(FAN_OUT);
    await slow.webhooks.publish(OrderCreated.of('A'));
    await fanOut.reached;
    await other.webhooks.publish(OrderCanceled.of('A'));
    const early = await race.receiver.nextBefore(other.webhooks.drain());
    fanOut.open();
    const first = early ?? (await race.receiver.next());
    first.answer(204);
    race.receiver.answerAll(204);
    await Promise.all([slow.webhooks.drain(), other.webhooks.drain()]);
    return typeOf(first);
  }

  it('waits for an earlier event that another process has not fanned out yet', async () => {
    expect(await sentFirst()).toBe('OrderCreated');
  });

  it('is lost when events that are not fanned out are not looked at', async () => {
    race.breakBy(EARLIER_EVENT_UNSEEN);
    expect(await sentFirst()).toBe('OrderCanceled');
  });

  /** The first one is under way: is the second one sent beside it? */
  async function sentBeside(): Promise<boolean> {
    const [first, other] = await hosts();
    await first.webhooks.publish(OrderCreated.of('A'));
    const one = await race.receiver.next();
    await other.webhooks.publish(OrderCanceled.of('A'));
    const two = await race.receiver.nextBefore(other.webhooks.drain());
    one.answer(204);
    race.receiver.answerAll(204);
    two?.answer(204);
    await Promise.all([first.webhooks.drain(), other.webhooks.drain()]);
    return two !== undefined;
  }

  it('waits for an earlier delivery that is under way in another process', async () => {
    expect(await sentBeside()).toBe(false);
  });

  it('is lost when open deliveries are not looked at', async () => {
    race.breakBy(EARLIER_DELIVERY_UNSEEN);
    expect(await sentBeside()).toBe(true);
  });
});

describeDatabases(
  'the order of a subject, in two transactions that do not see each other',
  (database) => {
    const race = useRace(database);

    /** One settles the first delivery while the other fans the second event out. Is the second one sent in the end? */
    async function secondIsSent(): Promise<boolean> {
      const first = await race.host();
      await race.stage.subscribe(first, { url: race.receiver.url(), ordering: 'subject' });
      const other = await race.host();
      await first.webhooks.publish(OrderCreated.of('A'));
      const one = await race.receiver.next();

      const fanOut = other.tap.hold(FAN_OUT);
      await other.webhooks.publish(OrderCanceled.of('A'));
      await fanOut.reached;
      const settling = first.tap.holdCommit(SETTLING);
      one.answer(204);
      await settling.reached;
      const fannedOut = other.tap.ran(FAN_OUT);
      fanOut.open();
      await Promise.race([fannedOut, waiterIn(first)]);
      settling.open();
      await fannedOut;

      race.receiver.answerAll(204);
      for (const host of [first, other]) {
        host.clock.advance(600_000);
        await host.webhooks.drain();
      }
      return (await first.count('deliveries', `state = 'succeeded'`)) === 2;
    }

    it('goes on', async () => {
      expect(await secondIsSent()).toBe(true);
    });

    it('stands still when neither waits for the other', async () => {
      race.breakBy(WITHOUT_LOCK);
      expect(await secondIsSent()).toBe(false);
    });
  },
  'postgres',
);
