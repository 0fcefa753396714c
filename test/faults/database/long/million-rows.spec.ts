import { insertBacklog } from '../../../support/bulk-rows.js';
import { describeDatabases } from '../../../support/databases.js';
import { partOf } from '../../../support/internals.js';
import type { Sent } from '../../../support/query-plans.js';
import { explain } from '../../../support/query-plans.js';
import type { Break, FaultyHost } from '../database-scene.js';
import { useDatabaseScene } from '../database-scene.js';

const ROWS = 1_000_000;
const SUBSCRIPTIONS = 50;
const TIMEOUT_MS = 240_000;
/** What one claim may bring of each of its four lists. */
const CLAIM_LIMIT = 500;
/** Of the backlog, what may come before a fresh event: what is under way, and about as much again. */
const BEFORE_IT = 256;

interface Statements {
  claim(input: object): Sent[];
}

/** All subscriptions stand in one line. */
const oneLineForAll: Break = (host) => {
  interface Queue {
    laneOf(delivery: { readonly subscriptionId: string }): unknown;
  }
  const { queue } = partOf<{ engine: { queue: Queue } }>(host, 'Dispatcher').engine;
  const laneOf = queue.laneOf.bind(queue);
  queue.laneOf = (delivery) => laneOf({ ...delivery, subscriptionId: 'all' });
};

describeDatabases('with a million deliveries that are due', (database) => {
  const scene = useDatabaseScene(database);

  const url = (path: string): string => scene.receiver.url(path);
  const ofBacklog = (): number => scene.receiver.requests.filter(({ path }) => path === '/backlog').length;

  async function host(breakIt?: Break): Promise<FaultyHost> {
    const started = await scene.host();
    breakIt?.(started);
    await started.webhooks.stopDeliveries();
    const made = Array.from({ length: SUBSCRIPTIONS }, () =>
      scene.subscribe(started, { url: url('/backlog'), event_types: ['OrderCanceled'] }),
    );
    const subscriptionIds = (await Promise.all(made)).map(({ id }) => id);
    await scene.subscribe(started, { url: url('/fresh'), event_types: ['OrderCreated'] });
    await insertBacklog(started, { count: ROWS, subscriptionIds, dueIn: '-n' });
    await started.webhooks.startDeliveries();
    return started;
  }

  /** A fresh order while the backlog is being sent: how much of that comes between the two? */
  async function sentBefore(started: FaultyHost): Promise<number> {
    await scene.receiver.arrived(2_000);
    await scene.place(started, 'fresh');
    const before = ofBacklog();
    await scene.receiver.until(() => scene.receiver.requests.some(({ path }) => path === '/fresh'));
    const between = ofBacklog() - before;
    await started.webhooks.stopDeliveries();
    return between;
  }

  it(
    'sends a fresh event before nearly all of them, and a claim reads what it leases',
    async () => {
      const started = await host();
      expect(await sentBefore(started)).toBeLessThanOrEqual(BEFORE_IT);

      const { statements } = partOf<{ statements: Statements }>(started, 'DeliveryStore');
      const nobody = {
        subscriptions: [],
        tenants: [],
        replaysTo: [],
        kinds: { schedules: [], jobs: [] },
      };
      const [claim] = statements
        .claim({ offset: 0, limit: CLAIM_LIMIT, leaseMs: 60_000, ...nobody, before: [0, 0, 0] })
        .filter(({ sql }) => sql.includes('fence = t.fence + 1'));
      const plan = await explain(started, claim!);
      expect(plan.ways).not.toContain('SCAN');
      expect(plan.rows).toBeLessThanOrEqual(2 * 4 * CLAIM_LIMIT);
    },
    TIMEOUT_MS,
  );

  it(
    'sends it after hundreds of them, did all subscriptions stand in one line',
    async () => {
      expect(await sentBefore(await host(oneLineForAll))).toBeGreaterThan(BEFORE_IT);
    },
    TIMEOUT_MS,
  );
});
