import { describeDatabases } from '../../support/databases.js';
import { CLEAN, orderIds, useDatabaseScene } from './database-scene.js';
import { forgetsWhatWasNotRecorded, looksNoMoreAfterAFailure } from './mutants.js';
import { aftermath, playOutage } from './outage.js';
import { useOwnServer } from './own-server.js';

const SWEEP_MS = 5_000;
const CLAIM = /fence = t\.fence \+ 1 /;

describeDatabases(
  'a server that is stopped and started',
  () => {
    const own = useOwnServer();
    const scene = useDatabaseScene(own);
    const atOnce = async (): Promise<void> => undefined;

    it('loses nothing and sends nothing twice, and the host goes on by itself', async () => {
      const { host, refused } = await playOutage(scene, { server: own.server, lasts: atOnce });

      expect(refused).toEqual(orderIds('refused', 5));
      expect(await aftermath(scene, host)).toEqual(CLEAN);
    });

    it('has what was under way sent twice, were it forgotten when it cannot be recorded', async () => {
      const breakIt = forgetsWhatWasNotRecorded;
      const { host } = await playOutage(scene, { server: own.server, breakIt, lasts: atOnce });

      const { duplicates } = await aftermath(scene, host);
      expect(duplicates.length).toBeGreaterThan(0);
      expect(duplicates.length).toBeLessThanOrEqual(20);
    });

    it.each([
      ['goes on looking for what others publish', undefined, true],
      ['would look no more, were a failed look the last one', looksNoMoreAfterAFailure, false],
    ])('%s', async (_name, breakIt, looks) => {
      const lasts = async (host: { clock: { advance(ms: number): void } }): Promise<void> =>
        host.clock.advance(SWEEP_MS);
      const { host } = await playOutage(scene, { server: own.server, breakIt, lasts });
      await scene.receiver.arrived(40);
      await host.tap.idle().catch(() => undefined);
      const before = host.tap.batches.length;
      const looked = host.tap.ran(CLAIM);
      host.clock.advance(SWEEP_MS);
      if (looks) await looked;

      const since = host.tap.batches.slice(before);
      expect(since.some(([sql]) => CLAIM.test(sql!))).toBe(looks);
    });
  },
  'postgres',
);
