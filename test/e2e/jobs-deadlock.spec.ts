import { JobsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import { EVER, over } from '../support/jobs.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

interface Sent {
  readonly sql: string;
}
interface Store {
  readonly database: { run(statements: readonly Sent[]): Promise<unknown> };
}

/** The first write that is meant ends as the victim of a deadlock; says how often it was begun. */
function deadlockOnce(host: Host, isMeant: (sql: string) => boolean): { readonly begun: number } {
  const store = partOf<Store>(host, 'JobStore');
  const { database } = store;
  const count = { begun: 0 };
  const run = (statements: readonly Sent[]): Promise<unknown> => {
    const isTheOne = statements.some(({ sql }) => isMeant(sql)) && ++count.begun === 1;
    return isTheOne
      ? Promise.reject(Object.assign(new Error('deadlock detected'), { code: '40P01' }))
      : database.run(statements);
  };
  Object.assign(store, { database: Object.assign(Object.create(database) as object, { run }) });
  return count;
}

const isStep = (sql: string): boolean => sql.includes('SET cursor = $4');
const isEnd = (sql: string): boolean => sql.includes('SET state = $3, error = $4');

describeDatabases('a write of a job that the database gives up for another one', (database) => {
  const stage = useStage(database);

  async function replayed(): Promise<{ host: Host; jobs: JobsService; subscription: string }> {
    const host = await stage.host();
    const { id, tenant } = await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'), { tenant });
    await host.webhooks.drain();
    return { host, jobs: host.get(JobsService), subscription: id };
  }

  it('is made again at once: a step', async () => {
    const { host, jobs, subscription } = await replayed();
    const count = deadlockOnce(host, isStep);
    const { id } = await jobs.replay(subscription, EVER);

    await host.webhooks.drain();

    expect(count.begun).toBeGreaterThan(1);
    expect(await jobs.get(id)).toMatchObject({ matched: 1 });
    expect(await over(host, { id })).toMatchObject({ state: 'done', succeeded: 1 });
  });

  it('is made again at once: a cancellation', async () => {
    const { host, jobs, subscription } = await replayed();
    const { id } = await jobs.replay(subscription, EVER);
    deadlockOnce(host, isEnd);

    expect(await jobs.cancel(id)).toMatchObject({ state: 'canceled' });
  });

  it('is made again at once: an early end', async () => {
    const { host, jobs, subscription } = await replayed();
    await host.subscriptions.pause(subscription);
    const { id } = await jobs.replay(subscription, EVER);
    deadlockOnce(host, isEnd);
    await host.subscriptions.disable(subscription);
    host.clock.advance(31_000);

    await host.webhooks.drain();

    expect(await jobs.get(id)).toMatchObject({ state: 'failed', error: 'SUBSCRIPTION_DISABLED' });
  });
});
