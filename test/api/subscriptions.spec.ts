import { describeDatabases } from '../support/databases.js';
import type { ApiClient } from './support/api-client.js';
import { TENANT, useApiStage } from './support/api-stage.js';

describeDatabases('catalog, subscriptions and trials over HTTP', (database) => {
  const stage = useApiStage(database);

  async function subscribed(api: ApiClient, input: object = {}): Promise<{ id: string; secret: string }> {
    const { body } = await api.post<{ id: string; secret: string }>('/subscriptions', {
      ...{ event_types: ['OrderCreated'], url: stage.receiver.url('/hook') },
      ...input,
    });
    return body;
  }

  it('shows the catalog: schema, sample, fields and aliases', async () => {
    const { api } = await stage.api();

    const { body } = await api.get<{ items: { name: string }[] }>('/event-types');
    const one = await api.get('/event-types/order.created');

    expect(body.items.map(({ name }) => name)).toEqual([
      'OrderCreated',
      'OrderCanceled',
      'AirlineStatusChanged',
    ]);
    expect(one.body).toMatchObject({
      name: 'OrderCreated',
      aliases: ['order.created'],
      schema: { $schema: expect.stringContaining('2020-12'), required: expect.arrayContaining(['order_id']) },
      sample: { order_id: 'AGW-1', event_type: 'OrderCreated' },
      fields: expect.arrayContaining([expect.objectContaining({ name: 'pnr', nullable: true })]),
    });
    expect((await api.get('/event-types/OrderLost')).body).toMatchObject({ code: 'EVENT_TYPE_NOT_FOUND' });
  });

  it('takes the form of AirGateway, and tells the secret once', async () => {
    const { api } = await stage.api();
    const http_request = {
      url: stage.receiver.url('/orders/{{order_id}}'),
      header: { Authorization: 'Basic YourPassword' },
      json_body: { pnr: '{{pnr}}' },
    };

    const created = await api.post('/subscriptions', { event_types: ['OrderCreated'], http_request });
    const read = await api.get(`/subscriptions/${created.body['id']}`);

    expect(created).toMatchObject({
      status: 201,
      body: { secret: expect.stringMatching(/^whsec_/), tenant: TENANT },
    });
    expect(created.headers.get('location')).toBe(`/webhooks/subscriptions/${created.body['id']}`);
    expect(read.body).not.toHaveProperty('secret');
    expect(JSON.stringify(read.body)).not.toContain('YourPassword');
    expect(read.headers.get('etag')).toBe('"1"');
  });

  it('changes by merge-patch, in both of its media types, and guards against others who change meanwhile', async () => {
    const { api } = await stage.api();
    const { id } = await subscribed(api);
    const patch = (body: object, headers: Record<string, string> = {}) =>
      api.send('PATCH', `/subscriptions/${id}`, { body, headers });
    const mergePatch = { 'content-type': 'application/merge-patch+json; charset=utf-8' };

    expect((await patch({ description: 'one' })).body).toMatchObject({ description: 'one', version: 2 });
    const second = await patch({ description: null }, { ...mergePatch, 'if-match': '"2"' });
    expect(second).toMatchObject({ status: 200, body: { description: null, version: 3 } });
    expect(second.headers.get('etag')).toBe('"3"');
    const late = await patch({ description: 'late' }, { ...mergePatch, 'if-match': '"2"' });
    expect(late).toMatchObject({ status: 412, body: { code: 'VERSION_CONFLICT' } });
    expect(await patch({ description: 'late', version: 1 })).toMatchObject({ status: 409 });
    expect(await patch({ description: 'any' }, { 'if-match': '*' })).toMatchObject({ status: 200 });
    expect(await patch({ state: 'disabled' })).toMatchObject({ status: 422, body: { path: 'state' } });
    expect(await patch({ url: 'https://intranet.local/' })).toMatchObject({ status: 422 });
  });

  it('lets nobody win who was overtaken between the look at his If-Match and his writing', async () => {
    const { host, api } = await stage.api();
    const { id } = await subscribed(api);
    const get = host.subscriptions.get.bind(host.subscriptions);
    host.subscriptions.get = async (...asked) => {
      const looked = await get(...asked);
      await host.subscriptions.update(id, { description: 'first' });
      return looked;
    };

    const overtaken = await api.send('PATCH', `/subscriptions/${id}`, {
      ...{ body: { description: 'second' }, headers: { 'if-match': '"1"' } },
    });

    expect(overtaken).toMatchObject({ status: 409, body: { code: 'SUBSCRIPTION_CONFLICT' } });
    expect(await get(id)).toMatchObject({ description: 'first', version: 2 });
  });

  it('takes no patch that is no object, with an If-Match or without', async () => {
    const { api } = await stage.api();
    const { id } = await subscribed(api);

    for (const headers of [{}, { 'if-match': '"1"' }]) {
      const answer = await api.send('PATCH', `/subscriptions/${id}`, { body: [1], headers });
      expect(answer).toMatchObject({ status: 422, body: { path: 'subscription' } });
    }
  });

  it('lists and deletes', async () => {
    const { api } = await stage.api();
    const [one, two] = [await subscribed(api), await subscribed(api)];

    const page = await api.get('/subscriptions?limit=1');
    expect(page.body).toMatchObject({ items: [{ id: one.id }], next: expect.any(String) });
    const rest = await api.get(`/subscriptions?limit=1&cursor=${page.body['next']}`);
    expect(rest.body).toMatchObject({ items: [{ id: two.id }], next: null });
    expect(await api.send('DELETE', `/subscriptions/${one.id}`)).toMatchObject({ status: 204, body: null });
    expect(await api.get(`/subscriptions/${one.id}`)).toMatchObject({ status: 404 });
  });

  it('moves through the states, with a reason, and keeps who did what', async () => {
    const { api } = await stage.api();
    const { id } = await subscribed(api);
    const states = [];
    for (const [path, body] of [
      ['pause', { reason: 'deployment' }],
      ['resume', {}],
      ['disable', { reason: 'moved away' }],
      ['enable', { reason: 'moved back' }],
    ] as const) {
      const answer = await api.post<{ state: string }>(`/subscriptions/${id}/${path}`, body);
      states.push(answer.body.state);
    }
    const { body } = await api.get<{ items: object[] }>(`/subscriptions/${id}/changes`);

    expect(states).toEqual(['paused', 'enabled', 'disabled', 'enabled']);
    expect(body.items).toMatchObject([
      { action: 'enable', reason: 'moved back', actor: `somebody at ${TENANT}`, version: 5 },
      { action: 'disable', reason: 'moved away' },
      { action: 'resume', reason: null },
      { action: 'pause', reason: 'deployment' },
      { action: 'create', what: expect.objectContaining({ event_types: expect.anything() }) },
    ]);
  });

  it('refuses a reason that is none', async () => {
    const { api } = await stage.api();
    const { id } = await subscribed(api);

    const answer = await api.post(`/subscriptions/${id}/disable`, { reason: 7, why: 'x' });

    expect(answer).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(answer.body['issues']).toMatchObject([{ path: 'why' }, { path: 'reason' }]);
  });

  it('rotates the secret, and tells the new one once', async () => {
    const { api } = await stage.api();
    const { id, secret } = await subscribed(api);

    const { body } = await api.post<{ secret: string }>(`/subscriptions/${id}/rotate-secret`, {
      overlap: 60,
      reason: 'leaked',
    });

    expect(body.secret).toMatch(/^whsec_/);
    expect(body.secret).not.toBe(secret);
    const { body: changes } = await api.get<{ items: object[] }>(`/subscriptions/${id}/changes?limit=1`);
    expect(changes.items).toMatchObject([{ action: 'rotate', reason: 'leaked' }]);
    expect(await api.post(`/subscriptions/${id}/rotate-secret`, { secret: 'short' })).toMatchObject({
      status: 422,
    });
  });

  it('previews the exact request, or says what is wrong with it', async () => {
    const { api } = await stage.api();
    const http_request = { url: stage.receiver.url('/hook'), json_body: { pnr: '{{pnr}}' } };

    const good = await api.post('/preview', { event_types: ['OrderCreated'], http_request });
    const typo = await api.post('/preview', {
      event_types: ['OrderCreated'],
      http_request: { ...http_request, json_body: { pnr: '{{pnrr}}' } },
    });

    expect(good.body).toMatchObject({
      results: [{ request: { method: 'POST', body: '{"pnr":"YMCP6O"}' }, error: null }],
    });
    expect(typo.body).toMatchObject({
      results: [{ error: { code: 'TEMPLATE_UNKNOWN_FIELD', suggestion: 'pnr' } }],
    });
    expect(stage.receiver.requests).toEqual([]);
  });

  it('sends a test, and says where to look for what became of it', async () => {
    const { host, api } = await stage.api();
    const { id } = await subscribed(api);

    const sent = await api.post(`/subscriptions/${id}/test`);
    await host.webhooks.drain();
    const location = sent.headers.get('location') ?? '';

    expect(sent).toMatchObject({ status: 202 });
    expect(location).toBe(`/webhooks/deliveries/${sent.body['delivery_id']}`);
    expect((await api.get(location.slice('/webhooks'.length))).body).toMatchObject({
      test: true,
      state: 'succeeded',
    });
    expect(stage.receiver.requests[0]?.headers).toMatchObject({ 'webhook-test': 'true' });
  });

  it('has by now been asked for everything that its document says of them', async () => {
    const { api } = await stage.api();

    expect(
      api.contract!.unseen(/^\/webhooks\/(event-types|preview|subscriptions(?!\/\{id\}\/re(cover|play)$))/),
    ).toEqual([]);
  });
});
