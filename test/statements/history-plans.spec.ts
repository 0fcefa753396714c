import { DeliveriesService, EventsService, JobsService } from 'nestjs-webhooks';
import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { partOf } from '../support/internals.js';
import type { Sent } from '../support/query-plans.js';
import { explain } from '../support/query-plans.js';
import { useStage } from '../support/stage.js';

const ROWS = 100_000;
const DAY = 86_400_000;
const SUBSCRIPTIONS = Array.from({ length: 50 }, (_, n) => `sub_${n}`);
/** What one page may look at, its index and its rows, and two small reads beside. */
const LOOK = 2 * 10_000 + 500;
/** What figures take at most: ten steps, each with its index, its deliveries and those of its attempts, and what waits. */
const FIGURES = 10 * 3 * 10_000 + 2 * 10_000;
const MANAGED = ['subscriptions', 'subscription_changes', 'jobs'];

interface Runs {
  run(statements: readonly Sent[]): Promise<unknown[][]>;
}

interface Subscriptions {
  list(
    tenant: string | null,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<unknown>;
  changes(
    id: string,
    tenant: string | null,
    page: { readonly limit: number; readonly before: number },
  ): Promise<unknown>;
}

interface Sweeps {
  closedDeliveries(ageMs: number, after: string, limit: number): Promise<unknown>;
  closedEvents(before: number, after: string, limit: number): Promise<unknown>;
}

interface Erasures {
  ofSubject(subject: string, tenant: null, after: string, limit: number): Promise<unknown>;
  publishedIn(from: number, to: number, after: string, limit: number): Promise<unknown>;
  expungedWithin(ms: number, publishedAfter: number, limit: number): Promise<unknown>;
}

/** The statements that something sends. */
async function sentBy(host: Host, work: () => Promise<unknown>): Promise<Sent[]> {
  const { database } = partOf<{ readonly database: Runs }>(host, 'EventArchive');
  const sent: Sent[] = [];
  const run = database.run.bind(database);
  database.run = (statements) => {
    sent.push(...statements);
    return run(statements);
  };
  await work();
  database.run = run;
  return sent;
}

/** As many subscriptions, changes of fifty of them, and jobs, as there are events. */
async function insertManaged({ dataSource }: Host): Promise<void> {
  const number = 'CAST(substr(id, 5) AS integer)';
  const one = `'sub_000000' || substr(id, 5)`;
  await dataSource.query(`INSERT INTO webhooks_subscriptions (id, tenant, uid, state, event_types, http_request,
    template_secrets, signatures, secrets, metadata, limits, version, created_at, updated_at)
    SELECT ${one}, 'tenant_' || (${number} % 1000), id, 'disabled', '[]', '{}', '{}', '[]', '[]', '{}', '{}', 1, 0, 0
    FROM webhooks_events`);
  await dataSource.query(`INSERT INTO webhooks_subscription_changes (subscription_id, version, tenant, at, action, what)
    SELECT 'sub_' || (${number} % 50), ${number} / 50 + 1, 'default', 0, 'update', '{}' FROM webhooks_events`);
  await dataSource.query(`INSERT INTO webhooks_jobs (id, kind, subscription_id, tenant, state, since_at, until_at, dry_run,
    complete, matched, succeeded, failed, canceled, created_at, progressed_at, fence)
    SELECT 'job_000000' || substr(id, 5), 'replay', 'sub_' || (${number} % 50), 'tenant_' || (${number} % 1000), 'done',
      0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1 FROM webhooks_events`);
  await dataSource.query('ANALYZE');
}

async function expectByIndex(
  host: Host,
  queries: Readonly<Record<string, () => Promise<unknown>>>,
  { look, tables }: { readonly look: number; readonly tables?: readonly string[] },
): Promise<void> {
  for (const [name, query] of Object.entries(queries)) {
    const statements = await sentBy(host, query);
    const plans = [];
    for (const statement of statements) plans.push(await explain(host, statement, tables));
    const ways = plans.flatMap((plan) => plan.ways);
    expect({ name, ways }).toEqual({ name, ways: expect.not.arrayContaining(['SCAN']) });
    expect(plans.length).toBeGreaterThan(0);
    const isFew = plans.reduce((sum, { rows }) => sum + rows, 0) <= look;
    expect({ name, isFew }).toEqual({ name, isFew: true });
  }
}

describeDatabases('with a hundred thousand events and deliveries', (database) => {
  const stage = useStage(database);

  it('every list finds its rows by an index, and looks at few, as do figures and sweeps', async () => {
    const host = await stage.host({ webhooks: { dispatch: false, retention: { events: 1, payloads: 1 } } });
    await insertBacklog(host, { count: ROWS, subscriptionIds: SUBSCRIPTIONS, dueIn: '86400000' });
    await host.dataSource.query(
      `UPDATE webhooks_events SET subject = 'order:' || (CAST(substr(id, 5) AS integer) % 1000)`,
    );
    await host.dataSource.query(`UPDATE webhooks_deliveries SET state = 'succeeded', due_at = NULL
      WHERE CAST(substr(id, 5) AS integer) % 100 > 0`);
    await host.dataSource.query('ANALYZE');
    await stage.subscribe(host);
    const events = host.get(EventsService);
    const deliveries = host.get(DeliveriesService);
    const sweeps = partOf<Sweeps>(host, 'RetentionStore');
    const erasures = partOf<Erasures>(host, 'ErasureStore');
    const [old, event] = ['1970-01-01T00:00:00Z', 'evt_00000000000000050000'];
    const delivery = 'dlv_00000000000000050000';
    const queries: Record<string, () => Promise<unknown>> = {
      events: () => events.list(),
      'events, next page': () => events.list({ cursor: event }),
      "events, a tenant's": () => events.list({}, { tenant: 'default' }),
      "events, a stranger's": () => events.list({}, { tenant: 'nobody' }),
      'events by type': () => events.list({ types: ['OrderCanceled'] }),
      'events by subject': () => events.list({ subject: 'order:7' }),
      'events by time': () => events.list({ since: old, until: new Date(5) }),
      'events in the order of commits': () => events.list({ order: 'commit', cursor: 'commit_0_50000' }),
      'events by type in the order of commits': () =>
        events.list({ order: 'commit', types: ['OrderCanceled'] }),
      'events undelivered': () => events.list({ state: 'undelivered' }),
      'an event': () => events.get(event),
      deliveries: () => deliveries.list(),
      'deliveries, next page': () => deliveries.list({ cursor: delivery }),
      "deliveries, a tenant's": () => deliveries.list({}, { tenant: 'default' }),
      'deliveries of a subscription': () => deliveries.list({ subscription: 'sub_7' }),
      'deliveries of a subscription by state': () =>
        deliveries.list({ subscription: 'sub_7', states: ['failed'] }),
      'deliveries of an event': () => deliveries.list({ event }),
      'deliveries by state': () => deliveries.list({ states: ['pending'] }),
      'deliveries by error': () => deliveries.list({ error: 'TIMEOUT' }),
      'deliveries by status': () => deliveries.list({ statusClass: '5xx' }),
      'deliveries by time': () => deliveries.list({ since: old, until: new Date(5) }),
      'a delivery': () => deliveries.get(delivery),
      'figures of a subscription': () =>
        deliveries.stats({ since: old, until: new Date(5), subscription: 'sub_7' }),
      'old deliveries': () => sweeps.closedDeliveries(DAY, 'dlv_00000000000000099000', 200),
      'old events': () => sweeps.closedEvents(DAY, '', 50),
      'events of a subject': () => erasures.ofSubject('order:7', null, '', 20),
      'payloads of a period': () => erasures.publishedIn(0, DAY, event, 50),
      'events expunged a moment ago': () => erasures.expungedWithin(DAY, 0, 100),
    };
    await expectByIndex(host, queries, { look: LOOK });
    const figures = {
      'figures of all': () => deliveries.stats({ since: old, until: new Date(5) }),
      "figures of a tenant's": () =>
        deliveries.stats({ since: old, until: new Date(5) }, { tenant: 'default' }),
      "figures of a stranger's": () =>
        deliveries.stats({ since: old, until: new Date(5) }, { tenant: 'nobody' }),
    };
    await expectByIndex(host, figures, { look: FIGURES });
  }, 120_000);

  it('so does every list of subscriptions, of their changes and of jobs, of which there are as many', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });
    await insertBacklog(host, { count: ROWS, subscriptionIds: SUBSCRIPTIONS, dueIn: '86400000' });
    await insertManaged(host);
    const subscriptions = partOf<Subscriptions>(host, 'SubscriptionStore');
    const jobs = host.get(JobsService);
    const page = (after: string | null = null) => ({ limit: 251, after });
    const [tenant, cursor] = ['tenant_7', 'job_00000000000000000000050000'];
    const queries = {
      subscriptions: () => subscriptions.list(null, page()),
      'subscriptions, next page': () => subscriptions.list(null, page('sub_00000000000000000000050000')),
      "subscriptions, a tenant's": () => subscriptions.list(tenant, page()),
      "subscriptions, a tenant's next page": () =>
        subscriptions.list(tenant, page('sub_00000000000000000000050000')),
      "subscriptions, a stranger's": () => subscriptions.list('nobody', page()),
      changes: () => host.subscriptions.changes('sub_7'),
      'changes, next page': () => host.subscriptions.changes('sub_7', { cursor: '1000' }),
      "changes, a tenant's": () => host.subscriptions.changes('sub_7', {}, { tenant: 'default' }),
      "changes, a stranger's": () =>
        subscriptions.changes('sub_7', 'nobody', { limit: 251, before: Number.MAX_SAFE_INTEGER }),
      jobs: () => jobs.list(),
      'jobs, next page': () => jobs.list({ cursor }),
      "jobs, a tenant's": () => jobs.list({}, { tenant }),
      "jobs, a tenant's next page": () => jobs.list({ cursor }, { tenant }),
      "jobs, a stranger's": () => jobs.list({}, { tenant: 'nobody' }),
      'jobs of a subscription': () => jobs.list({ subscription_id: 'sub_7' }),
      "jobs of a tenant's subscription": () => jobs.list({ subscription_id: 'sub_7' }, { tenant }),
    };
    await expectByIndex(host, queries, { look: LOOK, tables: MANAGED });
  }, 120_000);

  it('the order of commits looks at as few whatever the times and the subject', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });
    await insertBacklog(host, { count: ROWS, subscriptionIds: SUBSCRIPTIONS, dueIn: '86400000' });
    await host.dataSource.query(`UPDATE webhooks_events SET subject = 'order:' || (position % 3)`);
    await host.dataSource.query('ANALYZE');
    const events = host.get(EventsService);
    for (const narrow of [{ since: new Date() }, { until: new Date(5) }, { subject: 'order:2' }]) {
      const statements = await sentBy(host, () => events.list({ order: 'commit', ...narrow }));
      let looked = 0;
      for (const statement of statements) {
        const { ways, rows } = await explain(host, statement);
        expect(ways).not.toContain('SCAN');
        // By the numbers, which on SQLite have no index beside the table.
        expect(ways.filter((way) => way !== 'webhooks_events_pkey')).toEqual([]);
        looked += rows;
      }
      expect({ narrow, isFew: looked <= LOOK }).toEqual({ narrow, isFew: true });
    }
  }, 120_000);
});
