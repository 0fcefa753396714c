import { describeDatabases } from '../../support/databases.js';
import { CLEAN } from '../receivers/order-book.js';
import { useCrowd } from './crowd.js';

describeDatabases('200 endpoints that hang', (database) => {
  const crowd = useCrowd(database);

  it('keep no event from a healthy one, and there are never more attempts under way than allowed', async () => {
    await crowd.gather();

    await crowd.press();

    expect(await crowd.verdict()).toEqual(CLEAN);
    expect(crowd.deadlinesPassed).toBe(false);
    expect(crowd.queue.size).toBeLessThanOrEqual(2_000);
  });
});
