import { describeDatabases } from '../../../support/databases.js';
import type { MutantName } from '../../support/fault-host.js';
import { useFaultScene } from '../../support/fault-scene.js';
import { killRepeatedly } from '../replica-rounds.js';

/** As short as they may be: here leases run out in real time. */
const delivery = { timeout: 1_000, lease: 6_000, sweepInterval: 500 };
const ORDER = 'A';

describeDatabases(
  'two replicas, all by themselves',
  (database) => {
    const scene = useFaultScene(database, { timeoutMs: 600_000 });

    it('lose nothing while one of them is killed twenty times: the other one sends it all in the end', async () => {
      const { steady, attempted, inFlight } = await killRepeatedly(scene, 20, { delivery });
      const orders = await steady.orders();
      const arrived = (): Set<string> => {
        const successes = scene.receiver.requests.filter(({ succeeded }) => succeeded);
        return new Set(successes.map(({ orderId }) => orderId));
      };
      await scene.receiver.until(() => orders.every((id) => arrived().has(id)));
      await steady.terminate();
      const { lost, phantoms, duplicates } = await scene.aftermath(attempted);

      expect({ lost, phantoms }).toEqual({ lost: [], phantoms: [] });
      expect(duplicates.length).toBeLessThanOrEqual(inFlight);
      expect(scene.receiver.from('last')).toEqual([]);
    });

    /**
     * One is paused in the midst of a second attempt until the other one makes a third, and comes back to find its own failed.
     * Is there a fourth beside it?
     */
    async function lateFailure(mutant?: MutantName) {
      const { receiver } = scene;
      await scene.subscribe();
      const quick = { ...delivery, retrySchedule: [1, 1, 1] };
      const host = await scene.start({ name: 'paused', delivery: quick, mutant });
      await scene.start({ name: 'other', delivery: { ...quick, timeout: 30_000, lease: 60_000 } });
      receiver.answerBy(() => (receiver.requests.length > 1 ? 'hold' : 500));
      await host.publish([ORDER]);
      await receiver.arrived(2);
      host.signal('SIGSTOP');
      await receiver.arrived(3);
      receiver.answerBy(() => 204);
      host.signal('SIGCONT');
      await host.drain();
      receiver.answerHeld(204);
      return scene.aftermath([ORDER]);
    }

    it('do not send beside each other when one comes back after its lease, with a failure', async () => {
      expect(await lateFailure()).toMatchObject({ lost: [], duplicates: [expect.any(String)] });
      expect(scene.receiver.requests).toHaveLength(3);
    });

    it('would, were its lease not asked for when the failure is put on record', async () => {
      await lateFailure('no-fence');
      expect(scene.receiver.requests.length).toBeGreaterThan(3);
    });
  },
  'postgres',
);
