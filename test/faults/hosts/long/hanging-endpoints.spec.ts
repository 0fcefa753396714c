import { describeDatabases } from '../../../support/databases.js';
import type { CrowdedQueue } from '../crowd.js';
import { useCrowd } from '../crowd.js';

const MUTANTS: readonly [string, (queue: CrowdedQueue) => void][] = [
  ['a slot, were all endpoints alike', ({ slots }) => void (slots.answers = () => false)],
  ['room in the window, were all endpoints alike', (queue) => void (queue.within = (share) => share)],
];

describeDatabases('200 endpoints that hang', (database) => {
  const crowd = useCrowd(database);

  it.each(MUTANTS)('keep a healthy one waiting for %s', async (_what, breakIt) => {
    await crowd.gather();
    breakIt(crowd.queue);

    await crowd.press();

    expect(crowd.deadlinesPassed).toBe(true);
    expect((await crowd.verdict()).lost.length).toBeGreaterThan(0);
  });
});
