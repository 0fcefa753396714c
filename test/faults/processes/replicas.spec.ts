import { describeDatabases } from '../../support/databases.js';
import type { MutantName } from '../support/fault-host.js';
import { orderIds, useFaultScene } from '../support/fault-scene.js';
import { AFTER_THE_LEASE_MS } from './kill-rounds.js';
import { killRepeatedly } from './replica-rounds.js';

describeDatabases(
  'two replicas',
  (database) => {
    const scene = useFaultScene(database);

    async function killed(rounds: number, mutant?: MutantName) {
      const { steady, attempted, inFlight } = await killRepeatedly(scene, rounds, mutant ? { mutant } : {});
      await steady.drain();
      return { ...(await scene.aftermath(attempted, { aheadMs: AFTER_THE_LEASE_MS })), inFlight };
    }

    it('lose nothing and invent nothing while one of them is killed again and again', async () => {
      const { lost, phantoms, duplicates, inFlight } = await killed(3);

      expect({ lost, phantoms }).toEqual({ lost: [], phantoms: [] });
      expect(duplicates.length).toBeLessThanOrEqual(inFlight);
    });

    it('would lose what the killed one had, were its events not leased but only in its memory', async () => {
      expect((await killed(1, 'no-lease')).lost.length).toBeGreaterThan(0);
    });

    /** One is stopped with some requests under way and more waiting, until the other has taken everything over. */
    async function paused(mutant?: MutantName) {
      const { receiver } = scene;
      await scene.subscribe();
      // The lease has to run out; the deadline is for the one that goes on, on a slow machine, too.
      const delivery = { timeout: 4_000, lease: 9_000, sweepInterval: 500 };
      const host = await scene.start({ name: 'paused', delivery, mutant });
      await scene.start({ name: 'other', delivery });
      receiver.answerBy(({ sender }) => (sender === 'paused' ? 'hold' : 204));
      const ids = orderIds('A', 12);
      await host.publish(ids);
      // As many as an endpoint gets that has not answered yet: nothing more is about to go out.
      await receiver.arrived(2);
      host.signal('SIGSTOP');
      await receiver.until(() => receiver.from('other').length === ids.length);
      const inFlight = receiver.from('paused').length;
      receiver.answerBy(() => 204);
      receiver.answerHeld(204);
      host.signal('SIGCONT');
      await host.drain();
      return { ...(await scene.aftermath(ids, { aheadMs: AFTER_THE_LEASE_MS })), inFlight };
    }

    it('of which one is paused for longer than its lease repeat no more than it had under way', async () => {
      const { lost, duplicates, inFlight } = await paused();

      expect(lost).toEqual([]);
      expect(duplicates.length).toBeLessThanOrEqual(inFlight);
    });

    it('would both send what waited in the paused one, did it not ask for its leases again', async () => {
      const { duplicates, inFlight } = await paused('no-renewal');
      expect(duplicates.length).toBeGreaterThan(inFlight);
    });
  },
  'postgres',
);
