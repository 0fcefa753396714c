import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describeDatabases } from '../../support/databases.js';
import type { Break, FaultyHost } from './database-scene.js';
import { CLEAN, holdNextCommit, orderIds, useDatabaseScene } from './database-scene.js';
import { forgetsWhatWasNotRecorded } from './mutants.js';

const LOCK_HOLDER = fileURLToPath(new URL('./lock-holder.mjs', import.meta.url));
const SETTLING = /INSERT INTO "webhooks_attempts"/;
const LEASE_MS = 61_000;
const IN_FLIGHT = 8;
/** How long a statement waits for another program's lock, and the event loop with it; the driver's default is 5 s. */
const BUSY_MS = 100;
/** As many pages as SQLite can count. */
const NO_LIMIT = 4_294_967_294;

/** Fills the file to its last page: SQLite's own limit on the pages of a file answers like a full disk does. */
async function fill({ dataSource }: FaultyHost): Promise<void> {
  await dataSource.query('CREATE TABLE filler (bytes blob)');
  const [{ page_count: pages }] = (await dataSource.query('PRAGMA page_count')) as [{ page_count: number }];
  await dataSource.query(`PRAGMA max_page_count = ${pages}`);
  const more = (): Promise<boolean> =>
    dataSource.query('INSERT INTO filler (bytes) VALUES (zeroblob(100))').then(
      () => true,
      () => false,
    );
  while (await more());
}

describeDatabases(
  'a SQLite file',
  (database) => {
    const scene = useDatabaseScene(database);

    /** Orders of which the attempts are under way, or wait. */
    async function underWay(breakIt?: Break): Promise<FaultyHost> {
      const options = { ...scene.options, timeout: BUSY_MS };
      const host = await scene.host({}, options);
      breakIt?.(host);
      await scene.subscribe(host);
      await scene.placeAll(host, orderIds('before', 20));
      await host.webhooks.drain();
      scene.receiver.hold();
      await scene.placeAll(host, orderIds('during', 20));
      await scene.receiver.arrived(20 + IN_FLIGHT);
      return host;
    }

    /** They are answered, and it cannot be recorded. */
    async function answered(host: FaultyHost): Promise<void> {
      const unrecorded = host.tap.ran(SETTLING);
      scene.receiver.answerBy(() => 204);
      scene.receiver.answerHeld(204);
      await unrecorded;
      await host.tap.idle().catch(() => undefined);
      // Whoever complains of it does so after it.
      await nextTurn();
    }

    const complaints = (host: FaultyHost): string[] =>
      host.logger.of('error').filter((line) => line.includes('could not be recorded'));

    async function goOn(host: FaultyHost) {
      await scene.placeAll(host, orderIds('after', 10));
      return scene.verdict(host, LEASE_MS);
    }

    describe('that is full', () => {
      async function play(breakIt?: Break) {
        const host = await underWay(breakIt);
        await fill(host);
        const refused = await scene.placeAll(host, orderIds('refused', 20));
        await answered(host);
        const unrecorded = complaints(host);
        await host.dataSource.query(`PRAGMA max_page_count = ${NO_LIMIT}`);
        return { refused, unrecorded, verdict: await goOn(host), orders: await host.orders() };
      }

      it('refuses orders, loses none that it took, and goes on when there is room again', async () => {
        const { refused, unrecorded, verdict, orders } = await play();
        expect(refused.length).toBeGreaterThan(0);
        expect(unrecorded[0]).toContain('full');
        expect(verdict).toEqual(CLEAN);
        expect(orders).toEqual(expect.arrayContaining(orderIds('after', 10)));
      });

      it('has what was under way sent twice, were it forgotten', async () => {
        const { verdict } = await play(forgetsWhatWasNotRecorded);
        expect(verdict.duplicates.length).toBeGreaterThan(0);
      });
    });

    describe.each(['IMMEDIATE', 'EXCLUSIVE'])('that another program has locked (%s)', (kind) => {
      let holder: ChildProcess;

      async function lock(): Promise<void> {
        const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
        const file = String((scene.options as { database: string }).database);
        holder = spawn(process.execPath, [LOCK_HOLDER, file, kind], {
          env,
          stdio: ['pipe', 'pipe', 'inherit'],
        });
        await once(holder.stdout!, 'data');
      }

      async function unlock(): Promise<void> {
        const exit = once(holder, 'exit');
        holder.stdin!.end();
        await exit;
      }

      async function play(breakIt?: Break) {
        const host = await underWay(breakIt);
        await lock();
        const refused = await scene.placeAll(host, ['refused']);
        await answered(host);
        const unrecorded = complaints(host);
        await unlock();
        return { refused, unrecorded, verdict: await goOn(host) };
      }

      it('refuses orders for as long, and loses nothing', async () => {
        const { refused, unrecorded, verdict } = await play();
        expect(refused).toEqual(['refused']);
        expect(unrecorded[0]).toContain('locked');
        expect(verdict).toEqual(CLEAN);
      });

      it('has what was under way sent twice, were it forgotten', async () => {
        const { verdict } = await play(forgetsWhatWasNotRecorded);
        expect(verdict.duplicates.length).toBeGreaterThan(0);
      });
    });

    describe('whose one connection is inside a transaction for longer than outcomes wait', () => {
      async function play(breakIt?: Break) {
        const host = await underWay(breakIt);
        const commit = holdNextCommit(host);
        const slow = scene.place(host, 'slow');
        await commit.reached;
        await answered(host);
        const unrecorded = complaints(host);
        commit.open();
        await slow;
        return { unrecorded, verdict: await goOn(host) };
      }

      it('has them recorded after it, and loses nothing', async () => {
        const { unrecorded, verdict } = await play();
        expect(unrecorded[0]).toContain('inside a transaction');
        expect(verdict).toEqual(CLEAN);
      });

      it('has what was under way sent twice, were it forgotten', async () => {
        const { verdict } = await play(forgetsWhatWasNotRecorded);
        expect(verdict.duplicates.length).toBeGreaterThan(0);
      });
    });
  },
  'sqlite',
);
