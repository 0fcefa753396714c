import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import type { Sent } from '../support/query-plans.js';
import { explain } from '../support/query-plans.js';
import { useStage } from '../support/stage.js';

const ROWS = 100_000;
const PAGE = 500;
const SUBSCRIPTIONS = Array.from({ length: 20 }, (_, n) => `sub_${n}`);

interface Pages {
  readonly database: { run(statements: readonly Sent[]): Promise<unknown> };
  archiveStart(since: number): Promise<string>;
  archive(cursor: string, horizon: string, limit: number): Promise<{ events: readonly { cursor: string }[] }>;
  recoverable(subscriptionId: string, after: string, limit: number): Promise<readonly object[]>;
}

interface Store {
  readonly statements: {
    claim(offset: number, kinds: readonly string[], leaseMs: number): Sent;
    open(shared: readonly unknown[], rows: readonly object[]): Sent[];
    advance(params: readonly unknown[]): Sent[];
    close(params: readonly unknown[], giveUp: boolean): Sent[];
  };
}

describeDatabases('with a hundred thousand events and deliveries', (database) => {
  const stage = useStage(database);

  /** What the pages of a job send to the database. */
  async function sentBy(pages: Pages, work: () => Promise<unknown>): Promise<Sent[]> {
    const { database: real } = pages;
    const sent: Sent[] = [];
    const listening = {
      sql: (real as unknown as { sql: object }).sql,
      run: (statements: readonly Sent[]) => {
        sent.push(...statements);
        return real.run(statements);
      },
    };
    Object.assign(pages, { database: listening });
    await work();
    Object.assign(pages, { database: real });
    return sent;
  }

  async function expectByIndex(host: Host, statements: readonly Sent[], rows: number): Promise<void> {
    for (const statement of statements) {
      const plan = await explain(host, statement);
      expect({ sql: statement.sql, ways: plan.ways }).toMatchObject({
        ways: expect.not.arrayContaining(['SCAN']) as unknown,
      });
      expect(plan.rows).toBeLessThanOrEqual(rows);
    }
  }

  it('every statement of a job finds its rows by an index, and a page reads what it gives', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });
    await insertBacklog(host, { count: ROWS, subscriptionIds: SUBSCRIPTIONS, dueIn: '86400000' });
    await host.dataSource.query(`UPDATE webhooks_deliveries SET state = 'exhausted', due_at = NULL
      WHERE id < 'dlv_00000000000000050000'`);
    await host.dataSource
      .query(`INSERT INTO webhooks_jobs (id, kind, subscription_id, tenant, state, since_at, until_at, dry_run,
      complete, matched, succeeded, failed, canceled, created_at, progressed_at, due_at, fence)
      SELECT CASE WHEN position = 1 THEN 'job_1' ELSE 'job_' || id END, 'replay', 'sub_1', 'default',
        CASE WHEN position = 1 THEN 'running' ELSE 'done' END, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, CASE WHEN position = 1 THEN 1 END, 1
      FROM webhooks_events WHERE position <= 1000`);
    await host.dataSource.query('ANALYZE');
    const pages = partOf<Pages>(host, 'JobPages');
    const { statements } = partOf<Store>(host, 'JobStore');

    const found: number[] = [];
    const sent = await sentBy(pages, async () => {
      const start = await pages.archiveStart(0);
      const horizon = '9000000000000000000';
      const first = await pages.archive(start, horizon, PAGE);
      const next = await pages.archive(first.events.at(-1)!.cursor, horizon, PAGE);
      const failed = await pages.recoverable('sub_1', 'dlv_0', PAGE);
      found.push(first.events.length, next.events.length, failed.length);
    });
    expect(found).toEqual([PAGE, PAGE, PAGE]);
    await expectByIndex(host, sent, 3 * PAGE);

    const rows = Array.from({ length: 200 }, (_, n) => {
      const number = String(n * SUBSCRIPTIONS.length + 1).padStart(20, '0');
      return { id: `dlv_${number}`, event_id: `evt_${number}` };
    });
    await expectByIndex(
      host,
      statements.open([0, 'job_1', 1, 'sub_1', 'default', 1_000, 1_000, 'replay'], rows),
      3 * 200,
    );
    await expectByIndex(host, statements.advance([0, 'job_1', 1, '1:1', 0, 0, 0, 1, 1]), 5 * 200);
    await expectByIndex(host, [statements.claim(0, ['replay', 'recover'], 1_000)], 3 * 200);
    await expectByIndex(host, statements.close([0, 'job_1', 'canceled', null], true), 5 * 200);
  }, 60_000);
});
