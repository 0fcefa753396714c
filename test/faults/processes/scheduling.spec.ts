import { describeDatabases } from '../../support/databases.js';
import type { FaultHostOptions } from '../support/fault-host.js';
import type { FaultScene } from '../support/fault-scene.js';
import { orderIds, useFaultScene } from '../support/fault-scene.js';

const ORDERS = orderIds('A', 3);
const ONCE = { lost: [], phantoms: [], duplicates: [], events: ORDERS.length };
/** Whatever a dead process had leased is free. */
const LEASES_ARE_OVER_MS = 61_000;

/** Schedules fall due, the process that fires them dies, and another one does the rest. */
async function playedOn(scene: FaultScene, victim: FaultHostOptions) {
  await scene.subscribe();
  const publisher = await scene.start({ dispatch: false });
  await publisher.schedule(ORDERS);
  const host = await scene.start(victim);
  if (victim.diesAt === 'before-commit') {
    await host.committing;
    await host.kill();
  } else {
    await host.exited;
  }
  const verdict = await scene.aftermath(ORDERS, { aheadMs: LEASES_ARE_OVER_MS });
  const events = new Set(scene.receiver.requests.map(({ webhookId }) => webhookId));
  return { ...verdict, events: events.size };
}

describeDatabases('a process that is killed while it fires schedules', (database) => {
  const scene = useFaultScene(database);

  it('between build and commit leaves them to the next one: nothing is lost, nothing is there twice', async () => {
    expect(await playedOn(scene, { diesAt: 'before-commit' })).toEqual(ONCE);
  });

  it('after the commit leaves an event to send, and no schedule to fire again', async () => {
    expect(await playedOn(scene, { diesAt: 'before-hand-over' })).toEqual(ONCE);
  });

  it('would have it fired twice, were the schedule closed after the commit', async () => {
    const { events } = await playedOn(scene, { diesAt: 'before-hand-over', mutant: 'close-afterwards' });
    expect(events).toBe(ORDERS.length + 1);
  });
});

describeDatabases(
  'a process that closes schedules outside of the transaction',
  (database) => {
    const scene = useFaultScene(database);

    it('would lose the event when it is killed before the commit', async () => {
      const { lost } = await playedOn(scene, { diesAt: 'before-commit', mutant: 'close-apart' });
      expect(lost).toHaveLength(1);
    });
  },
  'postgres',
);
