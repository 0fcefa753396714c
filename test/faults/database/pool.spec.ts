import type { QueryRunner } from 'typeorm';
import { describeDatabases } from '../../support/databases.js';
import type { Break, FaultyHost } from './database-scene.js';
import { CLEAN, orderIds, useDatabaseScene } from './database-scene.js';
import { looksNoMoreAfterAFailure } from './mutants.js';

const SWEEP_MS = 5_000;
/** Longer than it takes to connect to a busy server. */
const IMPATIENT_MS = 1_500;
const POOL = 4;
const CLAIM = /fence = t\.fence \+ 1 /;

/** A query inside of the hook that runs after a commit, and the commit waits for it. */
const queriesInsideOfTheCommit: Break = ({ dataSource }) => {
  dataSource.subscribers.push({
    afterTransactionCommit: async () => void (await dataSource.query('SELECT 1')),
  });
};

describeDatabases(
  'a pool',
  (database) => {
    const scene = useDatabaseScene(database);

    async function hostWith(poolSize: number, waitMs?: number): Promise<FaultyHost> {
      const extra = waitMs === undefined ? {} : { connectionTimeoutMillis: waitMs };
      const options = { ...scene.options, poolSize, extra };
      return scene.host({}, options);
    }

    /** The host keeps all of its connections to itself; then there is something to send. */
    async function exhausted(waitMs?: number, breakIt?: Break) {
      const host = await hostWith(POOL, waitMs);
      breakIt?.(host);
      await scene.subscribe(host);
      const publisher = await scene.host({ webhooks: { dispatch: false } });
      // One listens.
      const held: QueryRunner[] = Array.from({ length: POOL - 1 }, () => host.dataSource.createQueryRunner());
      await Promise.all(held.map((runner) => runner.connect()));
      const looked = host.tap.ran(CLAIM);
      await scene.placeAll(publisher, orderIds('A', 20));
      host.clock.advance(SWEEP_MS);
      if (waitMs !== undefined) await looked;
      await Promise.all(held.map((runner) => runner.release()));
      return host;
    }

    it('that the host exhausts holds deliveries up, and nothing else', async () => {
      const host = await exhausted();
      await scene.receiver.arrived(20);
      expect(await scene.verdict(host)).toEqual(CLEAN);
    });

    it('that refuses after a while has the look repeated', async () => {
      const host = await exhausted(IMPATIENT_MS);
      expect(scene.receiver.requests).toEqual([]);
      host.clock.advance(SWEEP_MS);
      await scene.receiver.arrived(20);
      expect(await scene.verdict(host)).toEqual(CLEAN);
    });

    it('that refuses after a while ends the looks, were a failed one the last', async () => {
      const host = await exhausted(IMPATIENT_MS, looksNoMoreAfterAFailure);
      const before = host.tap.batches.length;
      host.clock.advance(SWEEP_MS);
      expect(host.tap.batches).toHaveLength(before);
    });

    it('of one connection is enough to publish and to send', async () => {
      const host = await hostWith(1, 5_000);
      await scene.subscribe(host);
      expect(await scene.placeAll(host, orderIds('A', 20))).toEqual([]);
      expect(await scene.verdict(host)).toEqual(CLEAN);
    });

    it('of one connection is not enough for a query that a commit waits for', async () => {
      const host = await hostWith(1, IMPATIENT_MS);
      await scene.subscribe(host);
      queriesInsideOfTheCommit(host);
      expect(await scene.placeAll(host, ['A'])).toEqual(['A']);
    });
  },
  'postgres',
);
