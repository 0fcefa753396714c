import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import { useRace } from '../support/race.js';
import type { Mutant } from '../support/statement-tap.js';

const LEASE_MS = 60_000;
/** Longer than it takes a slow machine to do anything before the retry. */
const RETRY_MS = 10_000;
const SETTLING = /INSERT INTO "webhooks_attempts"/;

const SUCCESS_BEATS_NOTHING: Mutant = {
  clause: `WHERE excluded.state = 'succeeded' AND t.state <> 'succeeded'`,
  instead: 'WHERE false',
};
const LAST_ONE_WINS: Mutant = {
  clause: `WHERE excluded.state = 'succeeded' AND t.state <> 'succeeded'`,
  instead: '',
};
const WITHOUT_VERSION: Mutant = {
  clause: `AND r.version = (SELECT value FROM "webhooks_meta" WHERE name = 'subscriptions')`,
  instead: '',
};

describeDatabases('an event that two processes send without knowing of each other', (database) => {
  const race = useRace(database);
  const delivery = { retrySchedule: [RETRY_MS, RETRY_MS, RETRY_MS] };

  /** The first one is paused while its request is under way, the second takes over; then both are answered. */
  async function both(answers: { early: number; late: number }) {
    const paused = await race.host({ webhooks: { delivery } });
    const other = await race.host({ webhooks: { delivery } });
    await race.stage.subscribe(paused, { url: race.receiver.url() });
    await paused.webhooks.publish(OrderCreated.of('A'));
    const first = await race.receiver.next();

    other.clock.advance(LEASE_MS + 1);
    const taken = other.webhooks.drain();
    (await race.receiver.next()).answer(answers.early);
    await taken;
    first.answer(answers.late);
    await paused.webhooks.drain();

    race.receiver.answerAll(204);
    other.clock.advance(2 * RETRY_MS);
    await other.webhooks.drain();
    const succeeded = await other.count('deliveries', `state = 'succeeded'`);
    return { requests: race.receiver.count, succeeded: succeeded === 1 };
  }

  it('is done when the first succeeds after the second failed', async () => {
    expect(await both({ early: 500, late: 204 })).toEqual({ requests: 2, succeeded: true });
  });

  it('is sent once more when a success does not beat a failure', async () => {
    race.breakBy(SUCCESS_BEATS_NOTHING);
    expect(await both({ early: 500, late: 204 })).toEqual({ requests: 3, succeeded: true });
  });

  it('stays done when the first fails after the second succeeded', async () => {
    expect(await both({ early: 204, late: 500 })).toEqual({ requests: 2, succeeded: true });
  });

  it('is not done any more when a failure beats a success', async () => {
    race.breakBy(LAST_ONE_WINS);
    expect(await both({ early: 204, late: 500 })).toMatchObject({ succeeded: false });
  });
});

describeDatabases('a subscription made on one process', (database) => {
  const race = useRace(database);

  /** Made while another process still goes by the set that it has read before; `paused` makes that one write rows first. */
  async function arrivals({ paused }: { paused: boolean }): Promise<string[]> {
    race.receiver.answerAll(204);
    const stale = await race.host();
    const other = await race.host();
    const { id } = await race.stage.subscribe(stale, { url: race.receiver.url('/old') });
    if (paused) await stale.subscriptions.pause(id);
    await stale.webhooks.publish(OrderCreated.of('before'));
    await stale.webhooks.drain();

    await race.stage.subscribe(other, { url: race.receiver.url('/new') });
    await stale.webhooks.publish(OrderCreated.of('after'));
    await stale.webhooks.drain();
    await other.webhooks.drain();
    return race.receiver.paths.sort();
  }

  it('gets an event that another one has sent before it knew', async () => {
    expect(await arrivals({ paused: false })).toEqual(['/new', '/old', '/old']);
  });

  it('misses it when an event is closed by any version of the set', async () => {
    race.breakBy(WITHOUT_VERSION);
    expect(await arrivals({ paused: false })).toEqual(['/old', '/old']);
  });

  it('gets an event whose rows another one has written before it knew', async () => {
    expect(await arrivals({ paused: true })).toEqual(['/new']);
  });

  it('misses the rows when an event is closed by any version of the set', async () => {
    race.breakBy(WITHOUT_VERSION);
    expect(await arrivals({ paused: true })).toEqual([]);
  });

  /** Made after an event was sent, and before it is closed. */
  async function arrivalsOfBefore(): Promise<string[]> {
    race.receiver.answerAll(204);
    const slow = await race.host();
    const other = await race.host();
    await race.stage.subscribe(slow, { url: race.receiver.url('/old') });
    const settling = slow.tap.hold(SETTLING);
    const done = slow.webhooks.publish(OrderCreated.of('A')).then(() => slow.webhooks.drain());
    await settling.reached;
    await race.stage.subscribe(other, { url: race.receiver.url('/new') });
    settling.open();
    await done;
    await other.webhooks.drain();
    return race.receiver.paths.sort();
  }

  it('does not get an event of before it, though the event is fanned out again', async () => {
    expect(await arrivalsOfBefore()).toEqual(['/old']);
  });
});
