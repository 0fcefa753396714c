import { Client } from 'pg';
import { describeDatabases } from '../../support/databases.js';
import type { Break, DatabaseScene, FaultyHost } from './database-scene.js';
import { CLEAN, holdNextCommit, orderIds, useDatabaseScene } from './database-scene.js';
import { handsOverBeforeCommit } from '../../support/hand-over-mutant.js';
import { forgetsWhatWasNotRecorded, looksNoMoreAfterAFailure } from './mutants.js';

const SWEEP_MS = 5_000;
const LEASE_MS = 61_000;
const CLAIM = /fence = t\.fence \+ 1 /;
const SETTLING = /INSERT INTO "webhooks_attempts"/;

/** Somebody who locks a table and ends those who wait for it. */
class Administrator {
  private constructor(private readonly client: Client) {}

  static async of(scene: DatabaseScene): Promise<Administrator> {
    if (scene.options.type !== 'postgres') throw new Error('PostgreSQL only');
    const client = new Client({ connectionString: scene.options.url });
    await client.connect();
    return new Administrator(client);
  }

  async lock(table: string): Promise<void> {
    await this.client.query('BEGIN');
    await this.client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  }

  /** Ends the connection that waits for the lock in the middle of such a statement. */
  async killWaiting(like: string): Promise<void> {
    const sql = `SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`;
    // Within a transaction the view stays as it was first looked at.
    while ((await this.client.query(sql, [like])).rows.length === 0)
      await this.client.query('SELECT pg_stat_clear_snapshot()');
    await this.client.query('ROLLBACK');
  }

  /** Ends every other connection to the database. */
  async killAll(): Promise<void> {
    await this.client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  }

  async leave(): Promise<void> {
    await this.client.end();
  }
}

describeDatabases(
  'a connection that is ended',
  (database) => {
    const scene = useDatabaseScene(database);
    let administrator: Administrator;
    beforeEach(async () => void (administrator = await Administrator.of(scene)));
    afterEach(() => administrator.leave());

    async function subscribed(breakIt?: Break): Promise<FaultyHost> {
      const host = await scene.host();
      breakIt?.(host);
      await scene.subscribe(host);
      return host;
    }

    /** Orders that another process has left, and the claim that would bring them is cut off. */
    async function endClaim(breakIt?: Break): Promise<FaultyHost> {
      const host = await subscribed(breakIt);
      const publisher = await scene.host({ webhooks: { dispatch: false } });
      await host.webhooks.stopDeliveries();
      await scene.placeAll(publisher, orderIds('A', 20));
      await host.tap.idle();
      await administrator.lock('webhooks_deliveries');
      await host.webhooks.startDeliveries();
      await administrator.killWaiting('%SKIP LOCKED%');
      await host.tap.idle().catch(() => undefined);
      host.clock.advance(SWEEP_MS);
      return host;
    }

    it('in the middle of a claim costs nothing: the next look brings the same', async () => {
      const host = await endClaim();
      await scene.receiver.arrived(20);
      expect(await scene.verdict(host)).toEqual(CLEAN);
    });

    it('in the middle of a claim would be the end, were a failed look the last one', async () => {
      const host = await endClaim(looksNoMoreAfterAFailure);
      const claims = host.tap.batches.filter(([sql]) => CLAIM.test(sql!)).length;
      host.clock.advance(SWEEP_MS);
      expect(host.tap.batches.filter(([sql]) => CLAIM.test(sql!))).toHaveLength(claims);
      expect(scene.receiver.requests).toEqual([]);
    });

    /** The outcomes of what was sent are cut off. */
    async function endSettling(breakIt?: Break): Promise<FaultyHost> {
      const host = await subscribed(breakIt);
      await administrator.lock('webhooks_attempts');
      await scene.placeAll(host, orderIds('A', 8));
      // The view shows the beginning of a statement only.
      await administrator.killWaiting('WITH inserts AS%');
      return host;
    }

    it('in the middle of a settlement costs nothing: it is written again', async () => {
      const host = await endSettling();
      await host.webhooks.drain();
      expect(await scene.verdict(host, LEASE_MS)).toEqual(CLEAN);
    });

    it('in the middle of a settlement has it sent twice, were it forgotten', async () => {
      const host = await endSettling(forgetsWhatWasNotRecorded);
      const { duplicates } = await scene.verdict(host, LEASE_MS);
      expect(duplicates.length).toBeGreaterThan(0);
      expect(duplicates.length).toBeLessThanOrEqual(8);
    });

    it('in the middle of a publish rolls the order back, and the host goes on', async () => {
      const host = await subscribed();
      await administrator.lock('webhooks_events');
      const placing = scene.placeAll(host, ['gone']);
      // Not a look, which may wait for it, too.
      await administrator.killWaiting('%INSERT INTO "webhooks_events"%');

      expect(await placing).toEqual(['gone']);
      await scene.placeAll(host, orderIds('A', 5));
      expect(await scene.verdict(host, LEASE_MS)).toEqual(CLEAN);
    });

    /** Everything is written, only the COMMIT is missing. */
    async function endBeforeCommit(breakIt?: Break) {
      const host = await subscribed(breakIt);
      const gate = holdNextCommit(host);
      const placing = scene.placeAll(host, ['gone']);
      await gate.reached;
      if (breakIt) await scene.receiver.arrived(1);
      await administrator.killAll();
      gate.open();
      const refused = await placing;
      await scene.placeAll(host, orderIds('A', 5));
      return { refused, verdict: await scene.verdict(host, LEASE_MS) };
    }

    it('just before the COMMIT rolls the order back, and nothing is sent', async () => {
      expect(await endBeforeCommit()).toEqual({ refused: ['gone'], verdict: CLEAN });
    });

    it('just before the COMMIT has it sent nevertheless, were it handed over before', async () => {
      const { verdict } = await endBeforeCommit(handsOverBeforeCommit);
      expect(verdict.phantoms).toEqual(['gone']);
    });

    it('while it is idle in the pool, or listens, is replaced', async () => {
      const host = await subscribed();
      await scene.placeAll(host, orderIds('A', 10));
      await host.webhooks.drain();
      await administrator.killAll();
      await scene.placeAll(host, orderIds('B', 10));
      await scene.placeAll(host, orderIds('C', 10));

      expect((await host.orders()).length).toBeGreaterThanOrEqual(10);
      expect(await scene.verdict(host, LEASE_MS)).toEqual(CLEAN);
      expect(host.tap.batches.some((batch) => batch.some((sql) => SETTLING.test(sql)))).toBe(true);
    });
  },
  'postgres',
);
