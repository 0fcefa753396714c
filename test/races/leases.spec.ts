import { DeliveriesService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import type { Racer } from '../support/race.js';
import { useRace } from '../support/race.js';
import type { Mutant } from '../support/statement-tap.js';

const LEASE_MS = 60_000;
/** So much is used up of it that the rest is too short for an attempt. */
const MOST_OF_IT_MS = 50_000;
/** Six of them are a lease; longer than it takes a slow machine to do anything before the retry. */
const RETRY_MS = 10_000;

const SETTLING = /INSERT INTO "webhooks_attempts"/;
const FAN_OUT = /INSERT INTO "webhooks_deliveries"/;
const LOADING = /FROM "webhooks_events" WHERE id IN/;

const WITHOUT_FENCE: Mutant = {
  clause: `t.id = r.id AND t.fence = r.fence AND t.state IN`,
  instead: `t.id = r.id AND t.state IN`,
};
const LEASE_NOT_RENEWED: Mutant = { clause: '+ $2 FROM', instead: '* 0 + t.due_at + $2 * 0 FROM' };
const RENEWAL_WITHOUT_FENCE: Mutant = {
  clause: 'r.id AND t.fence = r.fence AND +t.due_at IS NOT NULL RETURNING',
  instead: 'r.id AND +t.due_at IS NOT NULL RETURNING',
};

describeDatabases('a process that comes back after its lease', (database) => {
  const race = useRace(database);
  const delivery = { retrySchedule: [RETRY_MS, RETRY_MS, RETRY_MS, RETRY_MS] };

  /** The paused process's attempt fails while another one sends: is there a third request beside the second? */
  async function lateFailure(takeOver: (other: Racer, deliveryId: string) => Promise<unknown>) {
    const paused = await race.host({ webhooks: { delivery } });
    const other = await race.host({ webhooks: { delivery } });
    await race.stage.subscribe(paused, { url: race.receiver.url() });
    const { id } = await paused.webhooks.publish(OrderCreated.of('A'));
    (await race.receiver.next()).answer(500);
    await paused.webhooks.drain();

    paused.clock.advance(2 * RETRY_MS);
    const late = paused.webhooks.drain();
    const first = await race.receiver.next();
    const [{ id: deliveryId }] = (await paused.dataSource.query('SELECT id FROM webhooks_deliveries')) as [
      { id: string },
    ];
    const taken = takeOver(other, deliveryId);
    const second = await race.receiver.next();

    first.answer(500);
    await late;
    paused.clock.advance(2 * RETRY_MS);
    const third = await race.receiver.nextBefore(paused.webhooks.drain());
    for (const request of [second, third]) request?.answer(204);
    await taken;
    await other.webhooks.drain();
    const ids = new Set([first, second, third].flatMap((request) => (request ? [request.webhookId] : [])));
    return { sentBeside: third !== undefined, isSameId: ids.size === 1 && ids.has(id) };
  }

  async function expiry(other: Racer): Promise<void> {
    other.clock.advance(2 * RETRY_MS + LEASE_MS + 1);
    await other.webhooks.drain();
  }

  const byHand = (other: Racer, deliveryId: string): Promise<unknown> =>
    other.get(DeliveriesService).resend(deliveryId);

  it('does not cut short the lease of the one that took over', async () => {
    expect(await lateFailure(expiry)).toEqual({ sentBeside: false, isSameId: true });
  });

  it('would, were the fence not in the settling statement', async () => {
    race.breakBy(WITHOUT_FENCE);
    expect(await lateFailure(expiry)).toMatchObject({ sentBeside: true });
  });

  it('does not disturb what was sent again by hand meanwhile, under the same id', async () => {
    expect(await lateFailure(byHand)).toEqual({ sentBeside: false, isSameId: true });
  });

  it('would disturb it, were the fence not in the settling statement', async () => {
    race.breakBy(WITHOUT_FENCE);
    expect(await lateFailure(byHand)).toMatchObject({ sentBeside: true });
  });
});

describeDatabases('a delivery that waited for its turn', (database) => {
  const race = useRace(database);
  const delivery = { concurrencyPerSubscription: 1 };

  /** Two deliveries, of which the second waits until most of its lease is over. */
  async function waiting(hasRows: boolean) {
    const host = await race.host({ webhooks: { delivery } });
    const other = await race.host({ webhooks: { delivery } });
    const { id } = await race.stage.subscribe(host, { url: race.receiver.url() });
    if (hasRows) await host.subscriptions.pause(id);
    await host.webhooks.publishMany([OrderCreated.of('A'), OrderCreated.of('B')]);
    if (hasRows) {
      await host.webhooks.drain();
      await host.subscriptions.resume(id);
    }
    const done = host.webhooks.drain();
    const first = await race.receiver.next();
    host.clock.advance(MOST_OF_IT_MS);
    return { host, other, first, done };
  }

  /** Its turn comes, and then the first lease would be over: does another process send it, too? */
  async function sentTwice(hasRows: boolean): Promise<boolean> {
    const { host, other, first, done } = await waiting(hasRows);
    const settled = host.tap.ran(SETTLING);
    first.answer(204);
    const second = await race.receiver.next();
    await settled;
    other.clock.advance(LEASE_MS + 1);
    const draining = other.webhooks.drain();
    const again = await race.receiver.nextBefore(draining);
    for (const request of [second, again]) request?.answer(204);
    await Promise.all([done, draining]);
    return again !== undefined;
  }

  /** Another process has taken it over before its turn comes: is it sent here, too? */
  async function sentAfterLoss(hasRows: boolean): Promise<boolean> {
    const { other, first, done } = await waiting(hasRows);
    const step = other.tap.hold(hasRows ? LOADING : FAN_OUT);
    other.clock.advance(LEASE_MS + 1);
    const draining = other.webhooks.drain();
    await step.reached;
    first.answer(204);
    const again = await race.receiver.nextBefore(done);
    again?.answer(204);
    await done;
    step.open();
    race.receiver.answerAll(204);
    await draining;
    return again !== undefined;
  }

  for (const [what, hasRows] of [
    ['its event', false],
    ['its row', true],
  ] as const) {
    it(`is leased again before it is sent, by ${what}`, async () => {
      expect(await sentTwice(hasRows)).toBe(false);
    });

    it(`is sent twice, were the lease of ${what} not renewed`, async () => {
      race.breakBy(LEASE_NOT_RENEWED);
      expect(await sentTwice(hasRows)).toBe(true);
    });

    it(`is not sent once the lease of ${what} is somebody else's`, async () => {
      expect(await sentAfterLoss(hasRows)).toBe(false);
    });

    it(`is sent twice, were the fence of ${what} not asked for in the renewal`, async () => {
      race.breakBy(RENEWAL_WITHOUT_FENCE);
      expect(await sentAfterLoss(hasRows)).toBe(true);
    });
  }
});
