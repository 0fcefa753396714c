import { setTimeout as wait } from 'node:timers/promises';
import { describeDatabases } from '../../../support/databases.js';
import { CLEAN, orderIds, useDatabaseScene } from '../database-scene.js';
import { aftermath, playOutage } from '../outage.js';
import { useOwnServer } from '../own-server.js';

const OUTAGE_MS = 30_000;

describeDatabases(
  'a server that is away for thirty seconds',
  () => {
    const own = useOwnServer();
    const scene = useDatabaseScene(own);

    it('loses nothing and sends nothing twice, and the host goes on by itself', async () => {
      const lasts = async (): Promise<void> => wait(OUTAGE_MS);
      const { host, refused } = await playOutage(scene, { server: own.server, lasts });

      expect(refused).toEqual(orderIds('refused', 5));
      expect(await aftermath(scene, host)).toEqual(CLEAN);
    }, 120_000);

    it('is heard again: what another process leaves is sent without a look', async () => {
      const lasts = async (): Promise<void> => wait(1_000);
      const { host } = await playOutage(scene, { server: own.server, lasts });
      const publisher = await scene.host({ webhooks: { dispatch: false } });
      await scene.receiver.arrived(40);
      await host.webhooks.drain();
      // The connection that listens is made again after five seconds.
      await wait(6_000);

      await scene.place(publisher, 'left');
      await scene.receiver.arrived(41);
      expect(await scene.verdict(host)).toEqual(CLEAN);
    }, 60_000);
  },
  'postgres',
);
