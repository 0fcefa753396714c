import { describeDatabases } from '../../support/databases.js';
import type { FaultHost, MutantName } from '../support/fault-host.js';
import type { FaultScene } from '../support/fault-scene.js';
import { useFaultScene } from '../support/fault-scene.js';

const ORDER = 'A';
const TIMES = Array.from({ length: 20 }, () => ORDER);
const KEY = 'payment-1';
const ONCE = { lost: [], phantoms: [], duplicates: [], messages: 1, ids: 1 };

/** Each process publishes the same forty times, in transactions and outside of any. Gives what everybody got to know of it. */
async function published(scene: FaultScene, processes: number, mutant?: MutantName) {
  await scene.subscribe();
  const hosts = await Promise.all(Array.from({ length: processes }, () => scene.start({ mutant })));
  const answers = await Promise.all(hosts.flatMap((host) => inBothWays(host)));
  for (const host of hosts) await host.drain();
  const verdict = await scene.aftermath([ORDER]);
  const messages = new Set(scene.receiver.requests.map(({ webhookId }) => webhookId));
  const ids = new Set(answers.flat().map((answer) => answer!.id));
  return { ...verdict, messages: messages.size, ids: ids.size };
}

function inBothWays(host: FaultHost) {
  return [host.publish(TIMES, { idempotencyKey: KEY }), host.publishOutside(TIMES, KEY)];
}

describeDatabases('one idempotency key, used forty times at once', (database) => {
  const scene = useFaultScene(database);

  it('is one event, sent once', async () => {
    expect(await published(scene, 1)).toEqual(ONCE);
  });

  it('would be many, did the database not know it', async () => {
    expect((await published(scene, 1, 'no-idempotency')).messages).toBeGreaterThan(1);
  });
});

describeDatabases(
  'one idempotency key, used forty times at once in each of two processes',
  (database) => {
    const scene = useFaultScene(database);

    it('is one event, sent once', async () => {
      expect(await published(scene, 2)).toEqual(ONCE);
    });

    it('would be many, did the database not know it', async () => {
      expect((await published(scene, 2, 'no-idempotency')).messages).toBeGreaterThan(1);
    });
  },
  'postgres',
);
