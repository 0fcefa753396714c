import { DeliveriesService } from 'nestjs-webhooks';
import { describeDatabases } from '../../support/databases.js';
import type { HeldRequest } from '../../support/held-receiver.js';
import { partOf } from '../../support/internals.js';
import type { Racer } from '../../support/race.js';
import { useRace } from '../../support/race.js';
import { OrderBook } from '../receivers/order-book.js';
import type { Receipt, Verdict } from '../support/ledger.js';
import { Ledger } from '../support/ledger.js';

/** Longer than it takes a slow machine to do anything before the retry. */
const RETRY_MS = 100_000;

type Change = (host: Racer, id: string, moved: string) => Promise<unknown>;

interface Expected {
  /** Requests after the change. */
  readonly later: readonly string[];
  readonly lost: readonly string[];
}

const CHANGES: Readonly<Record<string, readonly [Change, Expected]>> = {
  'given another URL': [
    ({ subscriptions }, id, url) => subscriptions.update(id, { url }),
    { later: ['/new A', '/new B', '/new C'], lost: [] },
  ],
  'given other headers': [
    ({ subscriptions }, id) => subscriptions.update(id, { headers: { 'x-new': '1' } }),
    { later: ['/hook A', '/hook B', '/hook C'], lost: [] },
  ],
  'paused and resumed': [
    async ({ subscriptions }, id) => {
      await subscriptions.pause(id);
      await subscriptions.resume(id);
    },
    { later: ['/hook A', '/hook B', '/hook C'], lost: [] },
  ],
  paused: [({ subscriptions }, id) => subscriptions.pause(id), { later: [], lost: ['A', 'B', 'C'] }],
  disabled: [({ subscriptions }, id) => subscriptions.disable(id), { later: [], lost: ['A', 'B', 'C'] }],
  'disabled and enabled': [
    async ({ subscriptions }, id) => {
      await subscriptions.disable(id);
      await subscriptions.enable(id);
    },
    // What failed while it was disabled stays held; what was under way all the time goes on as if nothing had been.
    { later: ['/hook A', '/hook B'], lost: ['C'] },
  ],
  deleted: [({ subscriptions }, id) => subscriptions.delete(id), { later: [], lost: ['A', 'B', 'C'] }],
};

interface Sender {
  known(delivery: { subscriptionId: string }): unknown;
}

describeDatabases(
  'a subscription with a delivery in flight, one in the queue and one that waits',
  (database) => {
    const race = useRace(database);
    let log: Receipt[];
    let host: Racer;
    let id: string;

    beforeEach(() => (log = []));

    const reply = (request: HeldRequest, status: number): void => {
      const { path, webhookId, data } = request;
      log.push({ path, webhookId, orderId: String(data['order_id']), succeeded: status < 300 });
      request.answer(status);
    };

    /** Answers everything that comes until the work is over. */
    const replyToAll = async (work: Promise<unknown>): Promise<void> => {
      for (let next = await race.receiver.nextBefore(work); next; next = await race.receiver.nextBefore(work))
        reply(next, 204);
    };

    /** `A` is in flight, `B` in the queue; `C` has failed once. */
    const begin = async (): Promise<HeldRequest> => {
      const delivery = { concurrencyPerSubscription: 1, retrySchedule: [RETRY_MS, RETRY_MS] };
      host = await race.host({ webhooks: { delivery } });
      ({ id } = await race.stage.subscribe(host, { url: race.receiver.url() }));
      const book = new OrderBook(host);
      await book.takeBack('R');
      await book.commit('C');
      reply(await race.receiver.next(), 500);
      await host.webhooks.drain();
      await book.commit('A', 'B');
      return race.receiver.next();
    };

    /** The change, then the failure of what is in flight; then the receiver is well, and everything is due. */
    const afterChange = async (change: Change): Promise<readonly string[]> => {
      const inFlight = await begin();
      await change(host, id, race.receiver.url('/new'));
      const before = log.length + 1;
      reply(inFlight, 500);
      await replyToAll(host.webhooks.drain());
      host.clock.advance(2 * RETRY_MS);
      await replyToAll(host.webhooks.drain());
      return log
        .slice(before)
        .map(({ path, orderId }) => `${path} ${orderId}`)
        .sort();
    };

    const verdict = async (): Promise<Verdict> => {
      const received = log.map((receipt) => ({ ...receipt, path: '' }));
      return new Ledger({ acknowledged: await host.orders(), rolledBack: ['R'], received }).verdict();
    };

    it.each(Object.entries(CHANGES))('that is %s', async (_name, [change, { later, lost }]) => {
      expect(await afterChange(change)).toEqual(later);
      expect(await verdict()).toEqual({ lost, phantoms: [], duplicates: [] });
    });

    it('that is disabled and enabled gets by hand what was held', async () => {
      await afterChange(CHANGES['disabled and enabled']![0]);
      const rows = await host.dataSource.query(`SELECT id FROM webhooks_deliveries WHERE state = 'held'`);
      for (const { id: held } of rows as { id: string }[]) await host.get(DeliveriesService).resend(held);

      await replyToAll(host.webhooks.drain());

      expect(await verdict()).toEqual({ lost: [], phantoms: [], duplicates: [] });
    });

    it('that is disabled gets what was in the queue, were the state not looked at again before each attempt', async () => {
      const sent = await afterChange(async (_host, subscriptionId) => {
        const { sender } = partOf<{ engine: { sender: Sender } }>(host, 'Dispatcher').engine;
        const stale = sender.known({ subscriptionId });
        sender.known = () => stale;
        await host.subscriptions.disable(subscriptionId);
      });

      expect(sent).toEqual(['/hook B']);
    });

    it('that is deleted is sent the retry, were what is open not canceled', async () => {
      race.breakBy({
        clause: `state = 'canceled', due_at = NULL`,
        instead: `state = state, due_at = due_at`,
      });
      const sent = await afterChange(async (_host, subscriptionId) => {
        const { sender } = partOf<{ engine: { sender: Sender } }>(host, 'Dispatcher').engine;
        const stale = sender.known({ subscriptionId });
        sender.known = () => stale;
        await host.subscriptions.delete(subscriptionId);
      });

      expect(sent).toEqual(['/hook A', '/hook B', '/hook C']);
    });
  },
);
