import { describeDatabases } from '../../support/databases.js';
import type { Racer } from '../../support/race.js';
import { useRace } from '../../support/race.js';
import { OrderCreated } from '../../support/order-events.js';
import type { Mutant } from '../../support/statement-tap.js';

/** Longer than it takes a slow machine to do anything before the retry. */
const RETRY_MS = 100_000;
const HOLD = /WHEN 'gone' THEN 'canceled'/;
const FAN_OUT = /INSERT INTO "webhooks_deliveries"[^]*'held' AND r.held_by IS NULL/;
const SETTLING = /INSERT INTO "webhooks_attempts"/;
const RELEASE = /AND state = 'held' AND held_by = 'paused'/;
const HOLDS_WHATEVER_THE_STATE: Mutant = {
  clause: `WHEN 'enabled' THEN`,
  instead: `WHEN 'asleep' THEN`,
};
const WITHOUT_LOCK: Mutant = { clause: 'FOR SHARE', instead: '' };
const RELEASES_ALL: Mutant = { clause: ` AND held_by = 'paused'`, instead: '' };

type Step = 'disable' | 'enable' | 'pause' | 'resume';

describeDatabases('what disabling has held', (database) => {
  const race = useRace(database);

  /** What arrives in all, when a delivery waits for its retry and its subscription goes through these states. */
  const arriving = async (...steps: readonly Step[]): Promise<number> => {
    const host = await race.host({ webhooks: { delivery: { retrySchedule: [RETRY_MS, RETRY_MS] } } });
    const { id } = await race.stage.subscribe(host, { url: race.receiver.url() });
    await host.webhooks.publish(OrderCreated.of('A'));
    (await race.receiver.next()).answer(500);
    await host.webhooks.drain();
    race.receiver.answerAll(204);
    for (const step of steps) await host.subscriptions[step](id);
    host.clock.advance(2 * RETRY_MS);
    await host.webhooks.drain();
    return race.receiver.count;
  };

  it.each([
    [1, 'disable, enable'],
    [1, 'disable, enable, pause, resume'],
    [1, 'pause, disable, enable, pause, resume'],
    [2, 'pause, resume'],
    [2, 'pause, resume, pause, resume'],
  ])('is not sent by itself: %d requests in all after %s', async (requests, steps) => {
    expect(await arriving(...(steps.split(', ') as Step[]))).toBe(requests);
  });

  it('goes out with a later pause, were it not known who held it', async () => {
    race.breakBy(RELEASES_ALL);
    expect(await arriving('disable', 'enable', 'pause', 'resume')).toBe(2);
  });
});

describeDatabases('a delivery whose turn comes while its subscription is paused and resumed', (database) => {
  const race = useRace(database);

  /** The second of two is to be held by the pause, and is when the pause is over. Gives how many arrive. */
  const arrivingAfterAll = async (): Promise<number> => {
    const host = await race.host({ webhooks: { delivery: { concurrencyPerSubscription: 1 } } });
    const { id } = await race.stage.subscribe(host, { url: race.receiver.url() });
    await host.subscriptions.pause(id);
    await host.webhooks.publishMany([OrderCreated.of('A'), OrderCreated.of('B')]);
    await host.webhooks.drain();
    await host.subscriptions.resume(id);
    const sending = host.webhooks.drain();
    const first = await race.receiver.next();
    await host.subscriptions.pause(id);
    const step = host.tap.hold(HOLD);
    first.answer(204);
    await step.reached;
    await host.subscriptions.resume(id);
    race.receiver.answerAll(204);
    step.open();
    await sending;
    await host.webhooks.drain();
    return race.receiver.count;
  };

  it('is sent', async () => {
    expect(await arrivingAfterAll()).toBe(2);
  });

  it('is held for ever, were the state not looked at again', async () => {
    race.breakBy(HOLDS_WHATEVER_THE_STATE);
    expect(await arrivingAfterAll()).toBe(1);
  });
});

describeDatabases(
  'a row that is written while a resume is being committed',
  (database) => {
    const race = useRace(database);

    /** Resolves when some statement waits for a lock. */
    const blocked = async (host: Racer): Promise<void> => {
      for (let waiting = 0; waiting === 0;) {
        const rows = await host.dataSource.query('SELECT count(*) AS n FROM pg_locks WHERE NOT granted');
        waiting = Number((rows as { n: unknown }[])[0]!.n);
      }
    };

    const resumeAround = async (host: Racer, id: string, write: () => Promise<void>): Promise<void> => {
      const commit = host.tap.holdCommit(RELEASE);
      const resumed = host.subscriptions.resume(id);
      await commit.reached;
      await write();
      commit.open();
      await resumed;
    };

    const start = async (): Promise<{ host: Racer; id: string }> => {
      const host = await race.host({ webhooks: { delivery: { retrySchedule: [RETRY_MS] } } });
      const { id } = await race.stage.subscribe(host, { url: race.receiver.url() });
      return { host, id };
    };

    const arriving = async (host: Racer): Promise<number> => {
      race.receiver.answerAll(204);
      host.clock.advance(2 * RETRY_MS);
      await host.webhooks.drain();
      return race.receiver.count;
    };

    /** An event of the time of the pause is fanned out. */
    const fannedOut = async (): Promise<number> => {
      const { host, id } = await start();
      await host.subscriptions.pause(id);
      await resumeAround(host, id, async () => {
        const ran = host.tap.ran(FAN_OUT);
        await host.webhooks.publish(OrderCreated.of('A'));
        await Promise.race([ran, blocked(host)]);
      });
      return arriving(host);
    };

    /** A first attempt of the time before fails. */
    const settled = async (): Promise<number> => {
      const { host, id } = await start();
      await host.webhooks.publish(OrderCreated.of('A'));
      const first = await race.receiver.next();
      await host.subscriptions.pause(id);
      await resumeAround(host, id, async () => {
        const ran = host.tap.ran(SETTLING);
        first.answer(500);
        await Promise.race([ran, blocked(host)]);
      });
      return arriving(host);
    };

    it('is sent: of an event that is fanned out', async () => {
      expect(await fannedOut()).toBe(1);
    });

    it('is sent: of an attempt that failed', async () => {
      expect(await settled()).toBe(2);
    });

    it.each([
      ['fanned out', fannedOut, 0],
      ['settled', settled, 1],
    ] as const)('is held for ever, were the subscription not locked: %s', async (_what, act, requests) => {
      race.breakBy(WITHOUT_LOCK);
      expect(await act()).toBe(requests);
    });
  },
  'postgres',
);
