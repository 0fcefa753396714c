import { describeDatabases } from '../../support/databases.js';
import type { MutantName } from '../support/fault-host.js';
import { orderIds, useFaultScene } from '../support/fault-scene.js';

const BLOCKED_MS = 5_000;

describeDatabases('a host that blocks its event loop for five seconds', (database) => {
  const scene = useFaultScene(database);

  /** Requests are under way and more are waiting; meanwhile and afterwards, whoever can looks for what was left behind. */
  async function blocked(mutant?: MutantName) {
    const { receiver } = scene;
    await scene.subscribe();
    const host = await scene.start({ mutant });
    // Several processes are for PostgreSQL.
    const other = database.name === 'postgres' ? await scene.start({ name: 'other' }) : undefined;
    // The other one may have what the first does not keep for an endpoint that it does not know yet.
    receiver.answerBy(({ sender }) => (sender === 'other' ? 204 : 'hold'));
    const ids = orderIds('A', 12);
    await host.publish(ids);
    await receiver.arrived(1);
    await host.block(BLOCKED_MS);
    receiver.answerBy(() => 204);
    await (other ? other.drain() : host.look());
    receiver.answerHeld(204);
    await host.drain();
    return scene.aftermath(ids);
  }

  it('keeps its leases: everything comes, and once', async () => {
    expect(await blocked()).toEqual({ lost: [], phantoms: [], duplicates: [] });
  });

  // One process alone has often put its own outcomes on record before it looks again: the damage needs a second one.
  if (database.name === 'postgres')
    it('would send things twice, were its leases shorter than that', async () => {
      expect((await blocked('short-lease')).duplicates.length).toBeGreaterThan(0);
    });
});
