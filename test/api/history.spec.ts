import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import type { ApiClient } from './support/api-client.js';
import { TENANT, useApiStage } from './support/api-stage.js';

const SINCE = '2020-01-01T00:00:00Z';

describeDatabases('events, deliveries, jobs and figures over HTTP', (database) => {
  const stage = useApiStage(database);

  /** A subscription, an event that has reached it, and its delivery. */
  async function delivered() {
    const { host, api } = await stage.api();
    const { id } = await subscribed(api);
    const published = await host.webhooks.publish(OrderCreated.of('AGW-1'), { tenant: TENANT });
    await host.webhooks.drain();
    const { body } = await api.get<{ items: { id: string }[] }>('/deliveries');
    return { host, api, id, eventId: published.id, deliveryId: body.items[0]?.id ?? 'dlv_none' };
  }

  async function subscribed(api: ApiClient, input: object = {}): Promise<{ id: string; secret: string }> {
    const { body } = await api.post<{ id: string; secret: string }>('/subscriptions', {
      ...{ event_types: ['OrderCreated'], url: stage.receiver.url('/hook') },
      ...input,
    });
    return body;
  }

  it('shows events and what became of them', async () => {
    const { api, eventId, deliveryId } = await delivered();

    const { body } = await api.get(
      `/events?types=order.created,OrderCanceled&since=${SINCE}&subject=order:AGW-1`,
    );
    const one = await api.get(`/events/${eventId}`);

    expect(body).toMatchObject({
      items: [{ id: eventId, type: 'OrderCreated', tenant: TENANT }],
      next: null,
    });
    expect(one.body).toMatchObject({ id: eventId, deliveries: [{ id: deliveryId, state: 'succeeded' }] });
    expect((await api.get('/events?state=undelivered')).body).toMatchObject({ items: [] });
    expect((await api.get('/events?order=commit')).body).toMatchObject({ items: [{ id: eventId }] });
    expect(await api.get('/events/evt_none')).toMatchObject({ status: 404 });
  });

  it('shows deliveries with their attempts: the request as sent, and what came back', async () => {
    const { api, id, eventId, deliveryId } = await delivered();

    const one = await api.get(`/deliveries/${deliveryId}`);
    const found = await api.get(
      `/deliveries?subscription=${id}&event=${eventId}&states=succeeded,failed&status_class=2xx&test=false&since=${SINCE}`,
    );

    expect(one.body).toMatchObject({
      attempt_log: [{ number: 1, request: { method: 'POST' }, error: null }],
      body: expect.stringContaining('AGW-1'),
    });
    expect(found.body).toMatchObject({ items: [{ id: deliveryId }], next: null });
    expect((await api.get('/deliveries?error=TIMEOUT')).body).toMatchObject({ items: [] });
    expect(await api.get('/deliveries?states=lost')).toMatchObject({ status: 400, body: { path: 'states' } });
  });

  it('sends a delivery again, with the stored bytes or as it is rendered today', async () => {
    const { host, api, id, deliveryId } = await delivered();
    const json_body = { now: '{{order_id}}' };
    await api.send('PATCH', `/subscriptions/${id}`, {
      body: { http_request: { url: stage.receiver.url('/hook'), json_body } },
    });

    expect(await api.post(`/deliveries/${deliveryId}/resend`)).toMatchObject({ status: 202 });
    await host.webhooks.drain();
    expect(await api.post(`/deliveries/${deliveryId}/resend?render=current`)).toMatchObject({ status: 202 });
    await host.webhooks.drain();

    const [first, stored, current] = stage.receiver.requests.map(({ body }) => body);
    expect(stored).toBe(first);
    expect(JSON.parse(current!)).toEqual({ now: 'AGW-1' });
    expect(await api.post(`/deliveries/${deliveryId}/cancel`)).toMatchObject({ status: 409 });
    expect(await api.post('/deliveries/dlv_none/resend')).toMatchObject({ status: 404 });
  });

  it('gives an open delivery up', async () => {
    const { host, api } = await stage.api();
    const { id } = await subscribed(api);
    stage.receiver.answer('/hook', 500);
    await host.webhooks.publish(OrderCreated.of('AGW-1'), { tenant: TENANT });
    await host.webhooks.drain();
    const { body } = await api.get<{ items: { id: string }[] }>(
      `/deliveries?subscription=${id}&states=pending`,
    );

    const canceled = await api.post(`/deliveries/${body.items[0]?.id}/cancel`);

    expect(canceled).toMatchObject({ status: 200, body: { state: 'canceled' } });
  });

  it('recovers and replays in the background, and shows how far it is', async () => {
    const { host, api, id } = await delivered();

    const counted = await api.post(`/subscriptions/${id}/replay`, {
      since: SINCE,
      dry_run: true,
      event_types: ['Order*'],
    });
    await host.webhooks.drain();
    const location = counted.headers.get('location')!.slice('/webhooks'.length);
    expect(counted).toMatchObject({ status: 202, body: { kind: 'replay', dry_run: true } });
    expect(await api.get(location)).toMatchObject({ status: 200, body: { id: counted.body['id'] } });

    const begun = await api.post(`/subscriptions/${id}/recover`, { since: SINCE });
    expect(begun).toMatchObject({ status: 202, body: { kind: 'recover', subscription_id: id } });
    expect((await api.get(`/jobs?subscription=${id}&limit=1`)).body).toMatchObject({
      items: [{ id: begun.body['id'] }],
    });
    expect(await api.post(`/subscriptions/${id}/recover`, {})).toMatchObject({
      status: 400,
      body: { path: 'since' },
    });
    expect(await api.get('/jobs/job_none')).toMatchObject({ status: 404 });
  });

  it('ends a job on request', async () => {
    const { api } = await stage.api({ webhooks: { dispatch: false } });
    const { id } = await subscribed(api);
    const { body } = await api.post(`/subscriptions/${id}/recover`, { since: SINCE });

    expect(await api.post(`/jobs/${body['id']}/cancel`)).toMatchObject({
      status: 200,
      body: { state: 'canceled' },
    });
    expect(await api.post(`/jobs/${body['id']}/cancel`)).toMatchObject({ status: 409 });
  });

  it('counts, overall and for each subscription', async () => {
    const { api, id } = await delivered();
    const since = new Date(Date.now() - 3_600_000).toISOString();

    const { body } = await api.get(`/stats?since=${since}&bucket=minute`);

    expect(body).toMatchObject({ total: { succeeded: 1, attempts: 1, success_rate: 1 }, complete: true });
    expect(body['subscriptions']).toMatchObject([{ subscription_id: id, total: { succeeded: 1 } }]);
    expect(await api.get('/stats')).toMatchObject({ status: 400, body: { path: 'since' } });
  });

  it('removes payloads for good', async () => {
    const { api, eventId } = await delivered();

    expect(await api.post(`/events/${eventId}/expunge`)).toMatchObject({ status: 200, body: { events: 1 } });
    expect((await api.get(`/events/${eventId}`)).body).toMatchObject({
      data: null,
      expunged_at: expect.any(String),
    });
    expect(await api.post('/erasures', { subject: 'order:AGW-1' })).toMatchObject({ status: 200 });
    expect(await api.post('/erasures')).toMatchObject({ status: 400, body: { path: 'subject' } });
  });

  it('has by now been asked for everything that its document says of them', async () => {
    const { api } = await stage.api();

    expect(
      api.contract!.unseen(
        /^\/webhooks\/(events|erasures|deliveries|jobs|stats|subscriptions\/\{id\}\/re(cover|play)$)/,
      ),
    ).toEqual([]);
  });
});
