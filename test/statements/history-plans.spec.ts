import { DeliveriesService, EventsService } from 'nestjs-webhooks';
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

interface Runs {
  run(statements: readonly Sent[]): Promise<unknown[][]>;
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
    for (const [name, query] of Object.entries(queries)) {
      const statements = await sentBy(host, query);
      const plans = [];
      for (const statement of statements) plans.push(await explain(host, statement));
      const ways = plans.flatMap((plan) => plan.ways);
      expect({ name, ways }).toEqual({ name, ways: expect.not.arrayContaining(['SCAN']) });
      expect(plans.length).toBeGreaterThan(0);
      expect({ name, isFew: plans.reduce((sum, { rows }) => sum + rows, 0) <= LOOK }).toEqual({
        name,
        isFew: true,
      });
    }
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
