import { DeliveriesService } from 'nestjs-webhooks';
import { describeDatabases } from '../../support/databases.js';
import type { HeldRequest } from '../../support/held-receiver.js';
import { useRace } from '../../support/race.js';
import type { Mutant } from '../../support/statement-tap.js';
import { OrderBook } from '../receivers/order-book.js';
import type { Receipt, Verdict } from '../support/ledger.js';
import { Ledger } from '../support/ledger.js';

/** Six of them are a lease; longer than it takes a slow machine to do anything before the retry. */
const RETRY_MS = 10_000;
/** With so many successes several attempts at a time are allowed, also after a failure. */
const EARLIER = ['1', '2', '3', '4', '5', '6'];
const SETTLING = /INSERT INTO "webhooks_attempts"/;
const WITHOUT_FENCE: Mutant = {
  clause: `t.id = r.id AND t.fence = r.fence AND t.state IN`,
  instead: `t.id = r.id AND t.state IN`,
};

interface Outcome {
  readonly verdict: Verdict;
  /** Requests after both were answered, however much later. */
  readonly later: number;
}

describeDatabases('a delivery that is sent again by hand while its attempt is under way', (database) => {
  const race = useRace(database);
  let log: Receipt[];

  beforeEach(() => (log = []));

  const reply = (request: HeldRequest, status: number): void => {
    const { webhookId, data } = request;
    log.push({ webhookId, orderId: String(data['order_id']), succeeded: status < 300 });
    request.answer(status);
  };

  /** The second attempt of `A` is in flight, and so is the one that was asked for by hand. */
  const begin = async () => {
    const options = { webhooks: { delivery: { retrySchedule: [RETRY_MS, RETRY_MS] } } };
    const host = await race.host(options);
    await race.stage.subscribe(host, { url: race.receiver.url() });
    const book = new OrderBook(host);
    for (const order of EARLIER) {
      await book.commit(order);
      reply(await race.receiver.next(), 204);
      await host.webhooks.drain();
    }
    await book.commit('A');
    reply(await race.receiver.next(), 500);
    await host.webhooks.drain();

    host.clock.advance(2 * RETRY_MS);
    const sending = host.webhooks.drain();
    const inFlight = await race.receiver.next();
    const rows = await host.dataSource.query('SELECT id FROM webhooks_deliveries WHERE step = 1');
    await host.get(DeliveriesService).resend((rows as { id: string }[])[0]!.id);
    return { host, options, sending, inFlight, again: await race.receiver.next() };
  };

  const play = async (inFlightStatus: number, againStatus: number): Promise<Outcome> => {
    const { host, sending, inFlight, again } = await begin();
    reply(again, againStatus);
    reply(inFlight, inFlightStatus);
    await sending;

    const before = race.receiver.count;
    race.receiver.answerAll(204);
    host.clock.advance(3 * RETRY_MS);
    await host.webhooks.drain();
    const verdict = new Ledger({ acknowledged: await host.orders(), received: log }).verdict();
    return { verdict, later: race.receiver.count - before };
  };

  /** What is in flight fails and is put on record; another process looks for what is due then. */
  const sentBeside = async (): Promise<boolean> => {
    const { host, options, sending, inFlight, again } = await begin();
    const other = await race.host(options);
    const recorded = host.tap.ran(SETTLING);
    reply(inFlight, 500);
    await recorded;
    other.clock.advance(6 * RETRY_MS);
    const third = await race.receiver.nextBefore(other.webhooks.drain());
    race.receiver.answerAll(204);
    for (const request of [again, third]) request?.answer(204);
    await sending;
    return third !== undefined;
  };

  it.each([
    [500, 204, 1],
    [204, 204, 1],
    [204, 500, 0],
  ])(
    'is not lost, and comes no more often than was asked for: answered by %d, and again by %d',
    async (inFlight, again, duplicates) => {
      const { verdict, later } = await play(inFlight, again);

      expect([verdict.lost, verdict.phantoms]).toEqual([[], []]);
      expect(verdict.duplicates).toHaveLength(duplicates);
      expect(later).toBe(again === 204 ? 0 : 1);
    },
  );

  it("is nobody else's before it is answered", async () => {
    expect(await sentBeside()).toBe(false);
  });

  it('is sent by another process beside it, were the attempt before it believed', async () => {
    race.breakBy(WITHOUT_FENCE);
    expect(await sentBeside()).toBe(true);
  });
});
