import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import type { QueryPlan, Sent } from '../support/query-plans.js';
import { explain } from '../support/query-plans.js';
import { useStage } from '../support/stage.js';

const ROWS = 100_000;
const LIMIT = 50;
/** Rows of an index and of the table for each that is leased, and what planner and update add. */
const ROWS_EACH = 4;

interface Statements {
  claim(offset: number, types: readonly string[], limit: number, leaseMs: number): Sent;
  eraseSubject(subject: string, tenant: string | null): Sent;
  find(filter: object, limit: number): Sent;
}

interface DeliveryStatements {
  claim(input: object): Sent[];
}

/** Half of them due: of a type that only others can build, and of two that this process can. */
async function insertSchedules({ dataSource }: Host): Promise<void> {
  const isPostgres = dataSource.options.type === 'postgres';
  const numbers = isPostgres
    ? `generate_series(1, ${ROWS}) AS s(n)`
    : `(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${ROWS}) SELECT n FROM s)`;
  const type = `CASE n % 10 WHEN 0 THEN 'OrderCreated' WHEN 1 THEN 'OrderCanceled' ELSE 'Foreign' END`;
  await dataSource.query(`INSERT INTO webhooks_schedules
    (type, key, state, scheduled_at, attempts, due_at, fence, created_at, updated_at)
    SELECT ${type}, 'key-' || n, 'pending', n, 0, n + CASE WHEN n % 20 < 10 THEN 0 ELSE 4102444800000 END, 0, 0, 0
    FROM ${numbers}`);
  await dataSource.query(isPostgres ? 'ANALYZE webhooks_schedules' : 'ANALYZE');
}

describeDatabases(`among ${ROWS} schedules`, (database) => {
  const stage = useStage(database);
  const types = ['OrderCreated', 'OrderCanceled'];

  async function prepared(): Promise<{ host: Host; plan: (statement: Sent) => Promise<QueryPlan> }> {
    const host = await stage.host({ webhooks: { dispatch: false } });
    await insertSchedules(host);
    return { host, plan: (statement) => explain(host, statement, ['schedules']) };
  }

  it('what is due is leased by the index, and what only others can build is passed over', async () => {
    const { host, plan } = await prepared();
    const { statements } = partOf<{ statements: Statements }>(host, 'ScheduleStore');
    const claimed = await plan(statements.claim(0, types, LIMIT, 60_000));
    expect(claimed.ways).not.toContain('SCAN');
    expect(claimed.ways.filter((way) => way === 'webhooks_schedules_due').length).toBeGreaterThanOrEqual(2);
    expect(claimed.rows).toBeLessThanOrEqual(ROWS_EACH * LIMIT);
    expect(await host.count('schedules', 'fence = 1')).toBe(LIMIT);
    expect(await host.count('schedules', `fence = 1 AND type = 'Foreign'`)).toBe(0);
  });

  it('the sweep learns when the first is due from the index', async () => {
    const { host, plan } = await prepared();
    const { statements } = partOf<{ statements: DeliveryStatements }>(host, 'DeliveryStore');
    const nobody = { subscriptions: [], tenants: [], replaysTo: [], before: [0, 0, 0] };
    const kinds = { schedules: types, jobs: [] };
    const claim = statements.claim({ offset: 0, limit: 10, leaseMs: 60_000, ...nobody, kinds });
    const plans = await Promise.all(claim.map((statement) => plan(statement)));
    expect(plans.flatMap(({ ways }) => ways)).toEqual(['webhooks_schedules_due']);
    expect(Math.max(...plans.map(({ rows }) => rows))).toBeLessThanOrEqual(types.length);
  });

  it('a subject and what has failed are found by their indexes', async () => {
    const { host, plan } = await prepared();
    const { statements } = partOf<{ statements: Statements }>(host, 'ScheduleStore');
    const all = { type: null, key: null, subject: null, state: null };
    for (const tenant of [null, 'default']) {
      const { ways } = await plan(statements.eraseSubject('key-7', tenant));
      expect(ways).toContain('webhooks_schedules_subject');
    }
    expect((await plan(statements.find({ ...all, state: 'failed' }, 100))).ways).toContain(
      'webhooks_schedules_failed',
    );
    expect(
      (await plan(statements.find({ ...all, type: 'OrderCreated', key: 'key-10' }, 100))).ways,
    ).not.toContain('SCAN');
  });
});
