import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import type { QueryPlan, Sent } from '../support/query-plans.js';
import { explain } from '../support/query-plans.js';
import { useStage } from '../support/stage.js';

const ROWS = 1_000_000;
const LIMIT = 500;
const BATCH = 200;
const SUBSCRIPTIONS = Array.from({ length: 50 }, (_, n) => `sub_${n}`);
/** Of each hundred rows: one replay, ten retries; half of all are due. */
const PRIORITY = 'CASE WHEN n % 100 = 1 THEN 2 WHEN n % 10 = 0 THEN 1 ELSE 0 END';
const DUE_IN = `(n - ${ROWS / 2}) * 100`;
/** A row that is leased costs its three indexes and the search for it. */
const PAGES_PER_ROW = 40;

interface Statements {
  claim(input: object): Sent[];
  settle(input: object): Sent[];
  fanOut(input: object): Sent[];
  lease(offset: number, leaseMs: number, rows: object): Sent[];
  hold(offset: number, rows: readonly object[]): Sent[];
}

interface SubscriptionStatements {
  changeState(record: object, change: object, offset: number): Sent[];
  remove(record: object, offset: number): Sent[];
}

interface Owner<T> {
  readonly statements: T;
}

async function explainAll(host: Host, statements: readonly Sent[]): Promise<QueryPlan> {
  const plans: QueryPlan[] = [];
  for (const statement of statements) plans.push(await explain(host, statement));
  const sum = (of: (plan: QueryPlan) => number): number => plans.reduce((total, plan) => total + of(plan), 0);
  return {
    ways: plans.flatMap(({ ways }) => ways),
    rows: sum(({ rows }) => rows),
    pages: sum(({ pages }) => pages),
  };
}

const numbered = (prefix: string, n: number): string => `${prefix}_${String(n).padStart(20, '0')}`;

/** Two hundred deliveries, their events, and twenty subjects. */
function rowsOfABatch() {
  const updates = Array.from({ length: BATCH }, (_, n) => {
    const [id, event_id] = [numbered('dlv', n + 1), numbered('evt', n + 1)];
    const row = {
      id,
      event_id,
      subscription_id: 'sub_1',
      tenant: 'default',
      state: 'succeeded',
      fence: 0,
      attempts: 1,
    };
    return {
      ...row,
      step: 0,
      last_status: 204,
      last_error: null,
      body: null,
      due_in: null,
      expires_in: 1_000,
    };
  });
  return {
    updates,
    inserts: updates.map((row) => ({ ...row, id: `${row.id}x`, subscription_id: 'another' })),
    closings: updates.map(({ event_id }) => ({ id: event_id, fence: 0, version: 1 })),
    subjects: Array.from({ length: 20 }, (_, n) => ({ tenant: 'default', subject: `order:${n}` })),
    leased: updates.map(({ id, fence }) => ({ id, fence })),
  };
}

describeDatabases('with a million open events and deliveries', (database) => {
  const stage = useStage(database);

  async function host(): Promise<Host> {
    const started = await stage.host({ webhooks: { dispatch: false } });
    const backlog = { count: ROWS, subscriptionIds: SUBSCRIPTIONS, dueIn: DUE_IN, priority: PRIORITY };
    await insertBacklog(started, { ...backlog, openEvents: true });
    return started;
  }

  it('every statement of the dispatcher finds its rows by an index, and a claim reads what it leases', async () => {
    const started = await host();
    const { statements } = partOf<Owner<Statements>>(started, 'DeliveryStore');
    const kinds = { schedules: ['OrderCreated', 'OrderCanceled'], jobs: ['replay'] };
    const claim = { offset: 0, limit: LIMIT, leaseMs: 60_000, tenants: [], before: [0, 0, 0], kinds };
    for (const subscriptions of [[], ['sub_3', 'sub_7']]) {
      const excluded = { subscriptions, replaysTo: subscriptions };
      const plan = await explainAll(started, statements.claim({ ...claim, ...excluded }));
      expect(plan.ways).not.toContain('SCAN');
      expect(plan.ways.filter((way) => way.endsWith('_due')).length).toBeGreaterThanOrEqual(8);
      expect(plan.rows).toBeLessThanOrEqual(2 * 3 * LIMIT);
      expect(plan.pages).toBeLessThanOrEqual(2 * LIMIT * PAGES_PER_ROW);
    }
    const leased =
      (await started.count('deliveries', 'fence > 0')) + (await started.count('events', 'fence > 0'));
    expect(leased).toBeLessThanOrEqual(4 * LIMIT);

    const { updates, inserts, closings, subjects, leased: rows } = rowsOfABatch();
    const ledger = { offset: 0, attempts: [], health: [], updates, inserts, closings, subjects };
    const batches = {
      settle: statements.settle(ledger),
      fanOut: statements.fanOut({ offset: 0, closings, deliveries: [], subjects }),
      lease: statements.lease(0, 1_000, { deliveries: rows, events: closings }),
      hold: statements.hold(0, rows),
    };
    for (const [name, batch] of Object.entries(batches)) {
      const plan = await explainAll(started, batch);
      expect({ name, ways: plan.ways }).toEqual({ name, ways: expect.not.arrayContaining(['SCAN']) });
      expect(plan.rows).toBeLessThanOrEqual(8 * BATCH);
    }

    const subscription = partOf<Owner<SubscriptionStatements>>(started, 'SubscriptionStore').statements;
    const record = { id: 'sub_5', version: 1 };
    const changes = {
      pause: subscription.changeState(record, { to: 'paused', reason: null, deliveries: 'hold' }, 0),
      resume: subscription.changeState(record, { to: 'enabled', reason: null, deliveries: 'release' }, 0),
      remove: subscription.remove(record, 0),
    };
    for (const [name, batch] of Object.entries(changes)) {
      const plan = await explainAll(started, batch);
      expect({ name, ways: plan.ways }).toEqual({ name, ways: expect.not.arrayContaining(['SCAN']) });
    }
  });
});
