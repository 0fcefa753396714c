import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import { explain } from '../support/query-plans.js';
import type { Racer } from '../support/race.js';
import { useRace } from '../support/race.js';

const BACKLOG = 200_000;
const LOOK_MS = 5_000;
const AN_HOUR_MS = 3_600_000;
/** What may be looked at in vain: far less than the backlog. */
const FEW = 100;

describeDatabases('behind the backlog of a subscription that is stopped', (database) => {
  const race = useRace(database);

  async function stopped() {
    race.receiver.answerAll(204);
    const host = await race.host({ webhooks: { delivery: { sweepInterval: LOOK_MS } } });
    const ids: string[] = [];
    for (const path of ['/dead', '/well'])
      ids.push((await race.stage.subscribe(host, { url: race.receiver.url(path) })).id);
    const [dead, well] = ids as [string, string];
    await host.webhooks.stopDeliveries({ subscription: dead });
    await insertBacklog(host, { count: BACKLOG, subscriptionIds: [dead], dueIn: `n - ${2 * AN_HOUR_MS}` });
    await host.webhooks.drain();
    return { host, dead, well };
  }

  async function look(host: Racer): Promise<void> {
    // The one before has to go to sleep first.
    await new Promise(setImmediate);
    const claimed = host.tap.ran(/fence = t\.fence \+ 1/);
    host.clock.advance(LOOK_MS);
    await claimed;
  }

  const marksOf = ({ tap }: Racer): unknown[] => tap.lastClaim.at(-1)!.params.slice(5, 8);

  it('a claim begins where the last one ended', async () => {
    const { host } = await stopped();
    expect(marksOf(host)).toEqual([0, 0, 0]);
    await look(host);

    expect(Math.min(...marksOf(host).map(Number))).toBeGreaterThan(host.clock.now() - AN_HOUR_MS);
    if (database.name === 'postgres') {
      const { rows, ways } = await explain(host, host.tap.lastClaim[0]!);
      expect(rows).toBeLessThan(FEW);
      expect(ways).not.toContain('SCAN');
    }
  });

  it('others are sent to at the next look', async () => {
    const { host, well } = await stopped();
    await look(host);
    await host.dataSource
      .query(`UPDATE webhooks_deliveries SET subscription_id = '${well}', due_at = due_at + ${2 * AN_HOUR_MS}
      WHERE id = 'dlv_00000000000000000007'`);
    await look(host);
    await race.receiver.arrivedInAll(1);

    expect(race.receiver.paths).toEqual(['/well']);
  });

  it('it is sent to again once it is not stopped any more', async () => {
    const { host, dead } = await stopped();
    await look(host);
    await host.webhooks.startDeliveries({ subscription: dead });
    await race.receiver.arrivedInAll(FEW);

    expect(new Set(race.receiver.paths)).toEqual(new Set(['/dead']));
  });
});
