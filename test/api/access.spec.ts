import { SignedAccess, WebhooksApiModule } from '@nestjs-webhooks/api';
import { describeDatabases } from '../support/databases.js';
import { TEST_KEY } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import type { Sent } from './support/api-client.js';
import { OTHER, TENANT, useApiStage } from './support/api-stage.js';
import type { Route } from './support/contract.js';

const HOUR_S = 3_600;
const OTHER_KEY = Buffer.alloc(32, 9).toString('base64');

/** Everything that an id can be of. */
type Ids = Readonly<Record<'subscriptions' | 'events' | 'deliveries' | 'jobs', string>>;

/** The smallest body that each operation takes. */
const BODIES: Readonly<Record<string, object>> = {
  createSubscription: { url: 'https://partner.example/hook' },
  updateSubscription: { description: 'mine' },
  previewRequest: { url: 'https://partner.example/hook' },
  recover: { since: '2020-01-01T00:00:00Z' },
  replay: { since: '2020-01-01T00:00:00Z', dry_run: true },
  eraseSubject: { subject: 'order:AGW-1' },
};

function requestFor({ method, path, operation }: Route, ids: Ids): [string, string, Sent] {
  const [, kind] = /^\/webhooks\/(\w+)\/\{id\}/.exec(path) ?? [];
  const filled = path.replace('{id}', kind ? ids[kind as keyof Ids] : '').replace('{name}', 'OrderCreated');
  const query =
    operation.operationId === 'getStats'
      ? `?since=${new Date(Date.now() - HOUR_S * 1_000).toISOString()}`
      : '';
  const body = method === 'GET' || method === 'DELETE' ? undefined : (BODIES[operation.operationId] ?? {});
  return [method, `${filled.slice('/webhooks'.length)}${query}`, { body }];
}

describeDatabases('access to the API', (database) => {
  const stage = useApiStage(database);

  async function furnished() {
    const { host, api } = await stage.api();
    const { body: subscription } = await api.post<{ id: string }>('/subscriptions', {
      ...{ event_types: ['OrderCreated'], url: stage.receiver.url('/hook') },
    });
    const event = await host.webhooks.publish(OrderCreated.of('AGW-1'), { tenant: TENANT });
    await host.webhooks.drain();
    const { body: test } = await api.post<{ delivery_id: string }>(`/subscriptions/${subscription.id}/test`);
    await host.webhooks.drain();
    const since = '2020-01-01T00:00:00Z';
    const { body: job } = await api.post<{ id: string }>(`/subscriptions/${subscription.id}/replay`, {
      since,
      dry_run: true,
    });
    const ids = {
      subscriptions: subscription.id,
      events: event.id,
      deliveries: test.delivery_id,
      jobs: job.id,
    };
    return { host, api, ids, routes: api.contract!.routes };
  }

  it('is for nobody without a token, with a false one, one for something else, or an expired one', async () => {
    const { api, ids, routes } = await furnished();
    const expired = new SignedAccess({ current: TEST_KEY, now: () => Date.now() - HOUR_S * 1_000 });
    const tokens = {
      none: null,
      garbage: 'abc',
      'of another key': new SignedAccess({ current: OTHER_KEY }).issue({ tenant: TENANT }),
      'for something else': new SignedAccess({ current: TEST_KEY, audience: 'portal' }).issue({
        tenant: TENANT,
      }),
      expired: expired.issue({ tenant: TENANT, expiresInSeconds: 60 }),
    };
    for (const [kind, token] of Object.entries(tokens)) {
      for (const route of routes) {
        const [method, path, sent] = requestFor(route, ids);
        const { status, headers } = await api.send(method, path, { ...sent, token });
        const challenge = headers.get('www-authenticate');
        expect({ kind, method, path, status, challenge }).toMatchObject({ status: 401, challenge: 'Bearer' });
      }
    }
  });

  it('reads and previews only, with a token to read', async () => {
    const { api, ids, routes } = await furnished();
    const reader = api.as(stage.token(TENANT, ['read']));
    const allowed = [];
    for (const route of routes) {
      const { status, body } = await reader.send<{ code?: string }>(...requestFor(route, ids));
      if (status < 300) allowed.push(`${route.method} ${route.path}`);
      else expect({ status, code: body.code }).toEqual({ status: 403, code: 'FORBIDDEN' });
    }

    const readable = routes.filter(({ method, path }) => method === 'GET' || path === '/webhooks/preview');
    expect(allowed).toEqual(readable.map(({ method, path }) => `${method} ${path}`));
  });

  it('erases nothing with a usual token', async () => {
    const { api, ids } = await furnished();
    const usual = api.as(stage.access.issue({ tenant: TENANT }));

    expect(await usual.post(`/events/${ids.events}/expunge`)).toMatchObject({ status: 403 });
    expect(await usual.post('/erasures', { subject: 'order:AGW-1' })).toMatchObject({ status: 403 });
    expect(await usual.post(`/subscriptions/${ids.subscriptions}/pause`)).toMatchObject({ status: 200 });
  });

  it("answers 404 to another tenant's ids on every route with one, and leaves them out of every list", async () => {
    const { api, ids, routes } = await furnished();
    const stranger = api.as(stage.token(OTHER, ['read', 'manage', 'send', 'erase']));
    const withId = routes.filter(({ path }) => path.includes('{id}'));
    const lists = routes.filter(
      ({ method, path }) => method === 'GET' && /(subscriptions|events|deliveries|jobs)$/.test(path),
    );
    for (const route of withId) {
      const [method, path, sent] = requestFor(route, ids);
      const { status, body } = await stranger.send(method, path, sent);
      expect({ method, path, status }).toMatchObject({ status: 404 });
      expect(JSON.stringify(body)).not.toContain(TENANT);
    }
    for (const route of lists) {
      const { body } = await stranger.send(...requestFor(route, ids));
      expect(body).toEqual({ items: [], next: null });
    }
    expect(withId.length).toBeGreaterThan(15);
    expect(lists).toHaveLength(4);
    expect((await api.get(`/subscriptions/${ids.subscriptions}`)).body).toMatchObject({
      state: 'enabled',
      version: 1,
    });
  });

  it('keeps a tenant to himself, and lets an operator choose', async () => {
    const { api, ids } = await furnished();
    const operator = api.as(stage.token(null));
    const mine = { url: stage.receiver.url('/hook'), tenant: OTHER };

    expect(await api.get(`/subscriptions?tenant=${OTHER}`)).toMatchObject({ status: 403 });
    expect(await api.post('/subscriptions', mine)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect(await api.post('/preview', mine)).toMatchObject({ status: 403 });
    expect(await operator.post('/subscriptions', mine)).toMatchObject({
      status: 201,
      body: { tenant: OTHER },
    });
    expect((await operator.get<{ items: object[] }>('/subscriptions')).body.items).toHaveLength(2);
    expect((await operator.get(`/subscriptions?tenant=${TENANT}`)).body).toMatchObject({
      items: [{ id: ids.subscriptions }],
    });
    expect(await operator.get(`/subscriptions/${ids.subscriptions}`)).toMatchObject({ status: 200 });
  });
});

describe('an API without access', () => {
  it.each([{}, { access: undefined }, { access: {} }])('does not boot: %j', (options) => {
    expect(() => WebhooksApiModule.register(options as never)).toThrow(/needs "access"/);
  });
});
