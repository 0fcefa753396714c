import { describeDatabases } from '../../support/databases.js';
import type { HostOptions } from '../../support/host.js';
import { partOf } from '../../support/internals.js';
import { OrderCreated } from '../../support/order-events.js';
import type { Break, DatabaseScene, FaultyHost } from './database-scene.js';
import { CLEAN, holdNextCommit, orderIds, useDatabaseScene } from './database-scene.js';
import { handsOverBeforeCommit } from '../../support/hand-over-mutant.js';
import { neverRenewsALease } from './mutants.js';

const ROLLED_BACK = new Error('rolled back');
const LEASE_MS = 60_000;
const rollBack = (): Promise<void> => Promise.reject(ROLLED_BACK);

/** Savepoints keep what was published in them although they are rolled back. */
const keepsSavepoints: Break = (host) => {
  interface Outbox {
    readonly open: WeakMap<object, { depth: number }>;
    afterTransactionRollback(event: { readonly queryRunner: object }): void;
  }
  const { outbox } = partOf<{ outbox: Outbox }>(host, 'EventWriter');
  const original = outbox.afterTransactionRollback.bind(outbox);
  outbox.afterTransactionRollback = (event) => {
    const transaction = outbox.open.get(event.queryRunner);
    if (transaction && transaction.depth > 1) transaction.depth--;
    else original(event);
  };
};

/** Transactions do not take turns. */
const withoutTurns: Break = (host) => {
  partOf<{ gate: { run<T>(work: () => T): T } }>(host, 'Database').gate.run = (work) => work();
};

/** Half of the orders commit, half are rolled back, all at the same time. */
async function mixed(scene: DatabaseScene, host: FaultyHost): Promise<readonly string[]> {
  const results = await Promise.allSettled([
    ...orderIds('kept', 20).map((id) => scene.place(host, id)),
    ...orderIds('gone', 20).map((id) => scene.place(host, id, rollBack)),
  ]);
  return results.map(({ status }) => status);
}

const EXPECTED = [...Array<string>(20).fill('fulfilled'), ...Array<string>(20).fill('rejected')];

describeDatabases('transactions that commit and roll back at the same time', (database) => {
  const scene = useDatabaseScene(database);

  async function play(options: HostOptions = {}, breakIt?: Break) {
    const host = await scene.host(options);
    breakIt?.(host);
    await scene.subscribe(host);
    const results = await mixed(scene, host);
    return { results, verdict: await scene.verdict(host) };
  }

  it.each([
    ['', {}],
    [', with a plain data source', { plainDataSource: true }],
  ])('send what is committed and nothing else%s', async (_name, options) => {
    expect(await play(options)).toEqual({ results: EXPECTED, verdict: CLEAN });
  });

  it('send what is rolled back, were it handed over before the commit', async () => {
    // A commit that fails at its end: everything before it is written already.
    const host = await scene.host();
    handsOverBeforeCommit(host);
    await scene.subscribe(host);
    host.dataSource.subscribers.push({ beforeTransactionCommit: rollBack });
    expect(await scene.placeAll(host, orderIds('gone', 5))).toEqual(orderIds('gone', 5));
    host.dataSource.subscribers.pop();

    // Not all of them: an endpoint that is not known to answer gets a few at first, and the rest is looked up again.
    expect((await scene.verdict(host)).phantoms.length).toBeGreaterThan(0);
  });
});

describeDatabases(
  'transactions on one connection',
  (database) => {
    const scene = useDatabaseScene(database);

    it.each([
      ['a serial data source', {}],
      ['a plain one', { plainDataSource: true }],
    ])('break each other on %s, did they not take turns', async (_name, options) => {
      const host = await scene.host(options);
      withoutTurns(host);
      await scene.subscribe(host);
      const results = await mixed(scene, host);
      const { lost } = await scene.verdict(host).catch(() => ({ lost: ['nobody knows'] }));
      const orders = (await host.orders()).length;
      expect({ results, lost, orders }).not.toEqual({ results: EXPECTED, lost: [], orders: 20 });
    });
  },
  'sqlite',
);

describeDatabases('a savepoint that is rolled back', (database) => {
  const scene = useDatabaseScene(database);

  /** Each transaction has a savepoint that is kept and one that is not. */
  async function play(breakIt?: Break) {
    const host = await scene.host();
    breakIt?.(host);
    await scene.subscribe(host);
    const inSavepoint = (id: string, then: () => Promise<void>): Promise<void> => {
      scene.attempt(id);
      return host.webhooks.transaction(async (manager) => {
        await manager.query(`INSERT INTO test_orders (id, tenant, total) VALUES ('${id}', 'default', 1)`);
        await host.webhooks.publish(OrderCreated.of(id));
        await then();
      });
    };
    const place = (id: string): Promise<void> =>
      scene.place(host, id, async () => {
        await inSavepoint(`${id}-kept`, async () => undefined);
        await inSavepoint(`${id}-gone`, rollBack).catch(() => undefined);
      });
    await Promise.all(orderIds('A', 10).map(place));
    return { orders: (await host.orders()).length, verdict: await scene.verdict(host) };
  }

  it('takes its events with it and no others', async () => {
    expect(await play()).toEqual({ orders: 20, verdict: CLEAN });
  });

  it('leaves them, did nobody drop them', async () => {
    const { verdict } = await play(keepsSavepoints);
    expect(verdict.phantoms).toHaveLength(10);
  });
});

describeDatabases('a transaction whose lease is over when it commits', (database) => {
  const scene = useDatabaseScene(database);

  /** Written, then not committed for longer than a lease; later ones overtake it where the database can do that. */
  async function play(breakIt?: Break) {
    // The driver of SQLite waits for another connection's transaction synchronously: here for 1 ms, instead of 5 s.
    const impatient = { ...scene.options, ...(database.name === 'sqlite' && { timeout: 1 }) };
    const host = await scene.host();
    const other = await scene.host({}, impatient);
    breakIt?.(host);
    await scene.subscribe(host);
    const commit = holdNextCommit(host);
    const slow = scene.place(host, 'slow');
    await commit.reached;
    const overtaking = scene.placeAll(host, orderIds('later', 5));
    if (database.name === 'postgres') {
      await overtaking;
      await host.webhooks.drain();
    }
    for (const { clock } of [host, other]) clock.advance(LEASE_MS + 1);
    scene.receiver.answerBy(({ orderId }) => (orderId === 'slow' ? 'hold' : 204));
    commit.open();
    await slow;
    await scene.receiver.until(() => scene.receiver.requests.some(({ orderId }) => orderId === 'slow'));
    const draining = other.webhooks.drain();
    await Promise.race([draining, scene.receiver.until(() => isTwice())]);
    scene.receiver.answerBy(() => 204);
    scene.receiver.answerHeld(204);
    await Promise.all([overtaking, draining]);
    return scene.verdict(host);
  }

  const isTwice = (): boolean =>
    scene.receiver.requests.filter(({ orderId }) => orderId === 'slow').length > 1;

  it('is leased again before it is sent, so nobody else sends it, too', async () => {
    expect(await play()).toEqual(CLEAN);
  });

  it('is sent twice, were its lease believed', async () => {
    expect((await play(neverRenewsALease)).duplicates).toHaveLength(1);
  });
});
