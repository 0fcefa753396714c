import { EventsService, type EventPage, type EventQuery, type EventView } from 'nestjs-webhooks';
import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import type { Host, HostOptions } from '../support/host.js';
import { OrderCanceled, OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const MINUTE = 60_000;

const orderOf = ({ data }: EventView): unknown => data?.['order_id'];

/** Every page's orders, and between the pages something happens. */
async function pages(
  host: Host,
  query: EventQuery,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<unknown[][]> {
  const found: unknown[][] = [];
  for (let cursor: string | undefined; ;) {
    const page: EventPage = await host.get(EventsService).list({ ...query, cursor });
    found.push(page.items.map(orderOf));
    if (page.next === null) return found;
    cursor = page.next;
    await between();
  }
}

async function publish(host: Host, ...orders: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const order of orders) {
    host.clock.advance(2);
    ids.push((await host.webhooks.publish(OrderCreated.of(order))).id);
  }
  return ids;
}

describeDatabases('the list of events', (database) => {
  const stage = useStage(database);

  it('shows what was published, newest first, as it is stored', async () => {
    const host = await stage.host();
    const [first, second] = await publish(host, 'A', 'B');

    const { items, next } = await host.get(EventsService).list();

    expect(items.map(({ id }) => id)).toEqual([second, first]);
    expect(next).toBeNull();
    expect(items[1]).toMatchObject({
      type: 'OrderCreated',
      tenant: 'default',
      subject: expect.stringContaining('A') as unknown,
      sequence: 1,
      expunged_at: null,
    });
    expect(items[1]!.data).toMatchObject({ order_id: 'A' });
    expect(items[1]!.data).not.toHaveProperty('event_id');
    expect(Date.parse(items[1]!.published_at)).toBeLessThan(Date.parse(items[0]!.published_at));
  });

  it('is read page by page while events arrive: none twice, none left out', async () => {
    const host = await stage.host();
    await publish(host, 'A', 'B', 'C', 'D', 'E');

    const found = await pages(host, { limit: 2 }, () => publish(host, 'later'));

    expect(found).toEqual([['E', 'D'], ['C', 'B'], ['A']]);
  });

  it('is limited by type (also its alias), subject and time, half-open', async () => {
    const host = await stage.host();
    const events = host.get(EventsService);
    await publish(host, 'A');
    host.clock.advance(MINUTE);
    await publish(host, 'B');
    await host.webhooks.publish(OrderCanceled.of('B'));
    const [b] = (await events.list({ types: ['OrderCreated'] })).items.map(
      ({ published_at }) => published_at,
    );

    const of = async (query: EventQuery): Promise<unknown[]> => (await events.list(query)).items.map(orderOf);
    expect(await of({ types: ['OrderCanceled'] })).toEqual(['B']);
    expect(await of({ types: ['OrderCreated', 'OrderCanceled'] })).toEqual(['B', 'B', 'A']);
    expect(await of({ types: ['order.created'], since: b })).toEqual(['B']);
    expect(await of({ types: ['OrderCreated'], until: b })).toEqual(['A']);
    expect(await of({ until: new Date(b!) })).toEqual(['A']);
    const { items } = await events.list({ types: ['OrderCanceled'] });
    expect(await of({ subject: items[0]!.subject! })).toEqual(['B', 'B']);
    expect(await of({ subject: 'order:nobody' })).toEqual([]);
  });

  it("shows a tenant his own and everybody's, and nobody else's", async () => {
    const host = await stage.host();
    const events = host.get(EventsService);
    const ids: string[] = [];
    for (const tenant of ['a', 'b', '*']) {
      host.clock.advance(2);
      ids.push((await host.webhooks.publish(OrderCreated.of(tenant), { tenant })).id);
    }

    const listed = (await events.list({}, { tenant: 'a' })).items.map(({ id }) => id);

    expect(listed).toEqual([ids[2], ids[0]]);
    expect((await events.get(ids[2]!, { tenant: 'a' })).tenant).toBe('*');
    await expect(events.get(ids[1]!, { tenant: 'a' })).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
    await expect(events.get('evt_nobody')).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
  });

  it('shows an event with its deliveries, of that tenant only', async () => {
    const host = await stage.host();
    const mine = await stage.subscribe(host, { tenant: 'a' });
    await stage.subscribe(host, { tenant: 'b' });
    const { id } = await host.webhooks.publish(OrderCreated.of('A'), { tenant: '*' });
    await host.webhooks.drain();
    const events = host.get(EventsService);

    expect((await events.get(id)).deliveries).toHaveLength(2);
    expect((await events.get(id, { tenant: 'a' })).deliveries).toMatchObject([
      { subscription_id: mine.id, event_id: id, state: 'succeeded', last_status: 204 },
    ]);
  });

  it.each([
    ['limit', { limit: 0 }],
    ['limit', { limit: 251 }],
    ['limit', { limit: 1.5 }],
    ['cursor', { cursor: 'evt_1' }],
    ['cursor', { cursor: 'commit_1_1' }],
    ['cursor', { cursor: 'evt_0123456789ABCDEF0123456789', order: 'commit' }],
    ['order', { order: 'oldest' }],
    ['state', { state: 'delivered' }],
    ['types', { types: [] }],
    ['types[1]', { types: ['OrderCreated', 'OrderCreatd'] }],
    ['since', { since: 'yesterday' }],
    ['since', { since: '2026-02-30T00:00:00Z' }],
    ['since', { since: '2026-03-01T10:00:00' }],
    ['until', { until: new Date(NaN) }],
    ['subject', { subject: '' }],
  ])('names %s as the field that is wrong in %j', async (path, query) => {
    const host = await stage.host({ webhooks: { dispatch: false } });

    const listing = host.get(EventsService).list(query as EventQuery);

    await expect(listing).rejects.toMatchObject({ code: 'QUERY_INVALID', path, issues: [{ path }] });
  });

  it('does not take somebody without a tenant for an operator', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });

    const listing = host.get(EventsService).list({}, { tenant: null as unknown as string });

    await expect(listing).rejects.toMatchObject({ code: 'QUERY_INVALID', path: 'tenant' });
  });
});

async function twoPages(events: EventsService, query: EventQuery): Promise<unknown[][]> {
  const first = await events.list(query);
  const second = await events.list({ ...query, cursor: first.next! });
  return [first, second].map(({ items }) => items.map(orderOf));
}

/** A transaction of the dispatcher holds the order of commits up as any other does. */
const ALONE: HostOptions = { webhooks: { dispatch: false } };

describeDatabases('the order of commits', (database) => {
  const stage = useStage(database);

  it('begins with the oldest and always tells where to go on, also when nothing is there yet', async () => {
    const host = await stage.host(ALONE);
    const events = host.get(EventsService);
    const start = await events.list({ order: 'commit' });
    expect(start).toMatchObject({ items: [], next: expect.any(String) as unknown });

    await publish(host, 'A', 'B', 'C');
    const first = await events.list({ order: 'commit', limit: 2, cursor: start.next! });
    const second = await events.list({ order: 'commit', limit: 2, cursor: first.next! });
    const third = await events.list({ order: 'commit', cursor: second.next! });
    await publish(host, 'D');
    const fourth = await events.list({ order: 'commit', cursor: third.next! });

    expect([first, second, third, fourth].map(({ items }) => items.map(orderOf))).toEqual([
      ['A', 'B'],
      ['C'],
      [],
      ['D'],
    ]);
  });

  it('goes on behind what the filter has left out', async () => {
    const host = await stage.host(ALONE);
    const events = host.get(EventsService);
    await publish(host, 'A', 'B');

    const none = await events.list({ order: 'commit', types: ['OrderCanceled'] });
    await host.webhooks.publish(OrderCanceled.of('C'));
    const some = await events.list({ order: 'commit', types: ['OrderCanceled'], cursor: none.next! });

    expect(none.items).toEqual([]);
    expect(some.items.map(orderOf)).toEqual(['C']);
    expect((await events.list({ order: 'commit', cursor: none.next! })).items.map(orderOf)).toEqual(['C']);
  });

  it('looks at ten thousand a page whatever the times and the subject, and finds what lies behind them', async () => {
    const host = await stage.host(ALONE);
    const events = host.get(EventsService);
    await insertBacklog(host, { count: 10_000, subscriptionIds: ['sub_1'], dueIn: '86400000' });
    await publish(host, 'A', 'B');
    const { items } = await events.list({ types: ['OrderCreated'], limit: 2 });
    const [b, a] = items;

    const of = (query: EventQuery): Promise<unknown[][]> => twoPages(events, { order: 'commit', ...query });
    expect(await of({ since: a!.published_at })).toEqual([[], ['A', 'B']]);
    expect(await of({ since: a!.published_at, until: b!.published_at })).toEqual([[], ['A']]);
    expect(await of({ subject: b!.subject! })).toEqual([[], ['B']]);
  });
});

describeDatabases(
  'the order of commits, of transactions side by side',
  (database) => {
    const stage = useStage(database);

    it('skips none that is committed late', async () => {
      const host = await stage.host(ALONE);
      const events = host.get(EventsService);
      let commit!: () => void;
      const committed = new Promise<void>((resolve) => (commit = resolve));
      let published!: () => void;
      const isPublished = new Promise<void>((resolve) => (published = resolve));
      const late = host.webhooks.transaction(async (manager) => {
        await manager.query('SELECT pg_current_xact_id()');
        await host.webhooks.publish(OrderCreated.of('late'), { manager });
        published();
        await committed;
      });
      await isPublished;
      await publish(host, 'early');

      const before = await events.list({ order: 'commit' });
      commit();
      await late;
      const after = await events.list({ order: 'commit', cursor: before.next! });

      const seen = [...before.items, ...after.items].map(orderOf);
      expect(seen.sort()).toEqual(['early', 'late']);
    });
  },
  'postgres',
);
