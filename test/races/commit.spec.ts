import type { DataSource } from 'typeorm';
import { describeDatabases } from '../support/databases.js';
import { handsOverBeforeCommit } from '../support/hand-over-mutant.js';
import { OrderCreated } from '../support/order-events.js';
import type { Racer } from '../support/race.js';
import { useRace } from '../support/race.js';

/** The last step of the next commit is left to the test; it runs after the module has written its events. */
function beforeNextCommit({ dataSource }: { dataSource: DataSource }, step: () => Promise<void>): void {
  const subscriber = {
    beforeTransactionCommit: async (): Promise<void> => {
      dataSource.subscribers.splice(dataSource.subscribers.indexOf(subscriber), 1);
      await step();
    },
  };
  dataSource.subscribers.push(subscriber);
}

describeDatabases('a commit', (database) => {
  const race = useRace(database);

  async function publisher(mutate?: (host: Racer) => void): Promise<Racer> {
    race.receiver.answerAll(204);
    const host = await race.host();
    await race.stage.subscribe(host, { url: race.receiver.url() });
    mutate?.(host);
    return host;
  }

  /** The commit fails after everything is written: was it sent? */
  async function sentThoughRefused(host: Racer): Promise<number> {
    beforeNextCommit(host, () => Promise.reject(new Error('refused')));
    const commit = host.webhooks.transaction(() => host.webhooks.publish(OrderCreated.of('A')));
    await expect(commit).rejects.toThrow('refused');
    await host.webhooks.drain();
    return race.receiver.count;
  }

  it('that fails at the last moment has sent nothing', async () => {
    expect(await sentThoughRefused(await publisher())).toBe(0);
  });

  it('that fails would have sent its event, were it handed over before', async () => {
    expect(await sentThoughRefused(await publisher(handsOverBeforeCommit))).toBe(1);
  });

  it('that succeeds hands its event over, so that no look at the database is needed', async () => {
    const host = await publisher();
    // The looks of its start are over.
    await host.webhooks.drain();
    const claims = (): number =>
      host.tap.batches.filter((batch) => /fence = t\.fence \+ 1/.test(batch[0]!)).length;
    const before = claims();

    await host.webhooks.transaction(() => host.webhooks.publish(OrderCreated.of('A')));
    await race.receiver.arrivedInAll(1);

    expect(claims()).toBe(before);
  });

  it('of a savepoint hands nothing over before the transaction around it has committed', async () => {
    const host = await publisher();
    const outer = host.webhooks.transaction(async () => {
      await host.webhooks.transaction(() => host.webhooks.publish(OrderCreated.of('A')));
      throw new Error('after the savepoint');
    });
    await expect(outer).rejects.toThrow('after the savepoint');
    await host.webhooks.drain();

    expect(race.receiver.count).toBe(0);
    expect(await host.count('events')).toBe(0);
  });
});
