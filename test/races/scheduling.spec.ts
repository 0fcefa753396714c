import { describeDatabases } from '../support/databases.js';
import { partOf } from '../support/internals.js';
import { Milestones, saveOrder, scheduleOf, withMilestones } from '../support/milestones.js';
import { OrderCreated } from '../support/order-events.js';
import type { Racer } from '../support/race.js';
import { useRace } from '../support/race.js';
import type { Mutant } from '../support/statement-tap.js';
import { breakDatabase } from '../support/within-mutant.js';

const A_DAY = 86_400_000;
const NO_FENCE: Mutant = { clause: 'AND t.fence = $4 AND t.due_at IS NOT NULL', instead: 'AND $4 > 0' };

interface Erasing {
  eraseSubject(subject: string, tenant: null): Promise<number>;
}

/** What the business does in the middle: between the builder's look and the end of its transaction. */
const CHANGES: Record<string, (host: Racer) => Promise<unknown>> = {
  moved: (host) => host.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(host.clock.now() + A_DAY) }),
  'taken back': (host) => host.webhooks.unschedule(OrderCreated, 'A'),
  erased: (host) => partOf<Erasing>(host, 'ScheduleStore').eraseSubject('A', null),
};

describeDatabases(
  'a schedule that changes while its event is being built',
  (database) => {
    const race = useRace(database);

    /** Events that there are when everything is over. */
    async function played(change: string, mutant?: Mutant): Promise<{ host: Racer; events: number }> {
      const host = await race.host(withMilestones());
      if (mutant) breakDatabase(host, mutant);
      await saveOrder(host, 'A');
      let goOn!: () => void;
      const isBuilding = new Promise<void>((resolve) => {
        host.get(Milestones).onBuild = () => {
          resolve();
          return new Promise<void>((go) => (goOn = go));
        };
      });
      await host.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(0) });
      await isBuilding;
      await CHANGES[change]!(host);
      goOn();
      await host.webhooks.drain();
      return { host, events: await host.count('events') };
    }

    it.each(Object.keys(CHANGES))('is not fired when it is %s', async (change) => {
      const { host, events } = await played(change);
      expect(events).toBe(0);
      expect((await scheduleOf(host, 'A'))?.state).toBe(
        { moved: 'pending', 'taken back': 'canceled', erased: undefined }[change],
      );
    });

    it.each(['moved', 'taken back'])('would be fired when it is %s, were there no fence', async (change) => {
      expect((await played(change, NO_FENCE)).events).toBe(1);
    });
  },
  'postgres',
);
