import {
  DeliveriesService,
  TrialsService,
  type DeliveryQuery,
  type SubscriptionInput,
} from 'nestjs-webhooks';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const NO_RETRY: SubscriptionInput = { limits: { retry_schedule: [10] } };

async function publish(host: Host, tenant = 'default', order = 'A'): Promise<string> {
  host.clock.advance(2);
  const { id } = await host.webhooks.publish(OrderCreated.of(order), { tenant });
  await host.webhooks.drain();
  return id;
}

describeDatabases('the list of deliveries', (database) => {
  const stage = useStage(database);

  it('is limited by subscription, event, state, status, error and time', async () => {
    const host = await stage.host();
    const good = await stage.subscribe(host, { url: stage.receiver.url('/good') });
    const bad = await stage.subscribe(host, { ...NO_RETRY, url: stage.receiver.url('/bad') });
    stage.receiver.answer('/bad', 503);
    const first = await publish(host);
    const second = await publish(host);
    const deliveries = host.get(DeliveriesService);
    const of = async (query: DeliveryQuery): Promise<string[]> =>
      (await deliveries.list(query)).items.map(
        ({ event_id, subscription_id }) => `${event_id} ${subscription_id}`,
      );

    expect(await of({ subscription: good.id })).toEqual([`${second} ${good.id}`, `${first} ${good.id}`]);
    expect((await of({ event: first })).sort()).toEqual([`${first} ${good.id}`, `${first} ${bad.id}`].sort());
    expect(await of({ event: first, subscription: bad.id })).toEqual([`${first} ${bad.id}`]);
    const failed = [`${second} ${bad.id}`, `${first} ${bad.id}`];
    expect(await of({ states: ['pending', 'exhausted'] })).toEqual(failed);
    expect(await of({ statusClass: '5xx' })).toEqual(failed);
    expect(await of({ error: 'HTTP_STATUS' })).toEqual(failed);
    expect(await of({ statusClass: '2xx', subscription: bad.id })).toEqual([]);
    const [newest] = (await deliveries.list({ event: second })).items;
    expect(
      (await of({ since: newest!.created_at.replace(/\d{3}Z$/, '000Z') })).length,
    ).toBeGreaterThanOrEqual(2);
    expect(await of({ since: '2000-01-01', until: '2001-01-01' })).toEqual([]);
  });

  it.each(['all', 'of a subscription'])(
    '(%s) is read page by page while deliveries arrive: none twice, none left out',
    async (which) => {
      const host = await stage.host();
      const { id } = await stage.subscribe(host);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) ids.unshift(await publish(host));
      const deliveries = host.get(DeliveriesService);
      const query = { limit: 2, ...(which === 'all' ? {} : { subscription: id }) };

      const seen: string[][] = [];
      for (let cursor: string | undefined; ;) {
        const page = await deliveries.list({ ...query, cursor });
        seen.push(page.items.map(({ event_id }) => event_id));
        if (page.next === null) break;
        cursor = page.next;
        await publish(host);
      }

      expect(seen).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    },
  );

  it('tells test sends from the others', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    const event = await publish(host);
    const test = await host.get(TrialsService).send(id);
    await host.webhooks.drain();
    const deliveries = host.get(DeliveriesService);

    expect((await deliveries.list({ test: true })).items).toMatchObject([
      { id: test.delivery_id, test: true },
    ]);
    expect((await deliveries.list({ test: false })).items).toMatchObject([{ event_id: event, test: false }]);
    expect((await deliveries.list()).items).toHaveLength(2);
  });

  it('shows a tenant his own, and UNREACHABLE for what he must not know', async () => {
    const host = await stage.host();
    const closed = await WebhookReceiver.start();
    await closed.close();
    await stage.subscribe(host, { ...NO_RETRY, tenant: 'a', url: closed.url('/hook') });
    await stage.subscribe(host, { tenant: 'b' });
    await publish(host, '*');
    const deliveries = host.get(DeliveriesService);

    const own = await deliveries.list({}, { tenant: 'a' });
    const hidden = await deliveries.list({ error: 'UNREACHABLE' }, { tenant: 'a' });
    const guessed = await deliveries.list({ error: own.items[0]!.last_error ?? '' });
    const [known] = (await deliveries.list({ states: ['pending'] })).items;

    expect(own.items).toMatchObject([{ tenant: 'a', last_error: 'UNREACHABLE' }]);
    expect(hidden.items).toHaveLength(1);
    expect(guessed.items).toEqual([]);
    expect(known!.last_error).not.toBe('UNREACHABLE');
    expect((await deliveries.list({ error: known!.last_error! }, { tenant: 'a' })).items).toEqual([]);
    const detail = await deliveries.get(known!.id, { tenant: 'a' });
    expect(detail.attempt_log).toMatchObject([{ error: 'UNREACHABLE', duration_ms: null, detail: null }]);
    expect((await deliveries.get(known!.id)).attempt_log).toMatchObject([
      { error: known!.last_error, duration_ms: expect.any(Number) as unknown },
    ]);
  });

  it.each([
    ['states[0]', { states: ['sent'] }],
    ['states[0]', { states: [null] }],
    ['statusClass', { statusClass: '200' }],
    ['test', { test: 'yes' }],
    ['subscription', { subscription: 7 }],
    ['event', { event: '' }],
    ['error', { error: '\0' }],
    ['cursor', { cursor: 'evt_0123456789ABCDEF0123456789' }],
    ['cursor', { cursor: 'dlv_0123456789ABCDEF0123456789', subscription: 'sub_1' }],
    ['limit', { limit: '10' }],
  ])('names %s as the field that is wrong in %j', async (path, query) => {
    const host = await stage.host({ webhooks: { dispatch: false } });

    const listing = host.get(DeliveriesService).list(query as DeliveryQuery);

    await expect(listing).rejects.toMatchObject({ code: 'QUERY_INVALID', path });
  });
});

describeDatabases('a delivery in detail', (database) => {
  const stage = useStage(database);

  it('shows each attempt: the request as it was sent, masked, and what was answered', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, {
      ...NO_RETRY,
      http_request: {
        url: stage.receiver.url('/hook'),
        header: { authorization: 'Bearer s3cret', 'x-team': 'ops' },
      },
    });
    stage.receiver.answer('/hook', { status: 500, body: 'no room' }, 204);
    const event = await publish(host);
    host.clock.advance(13_000);
    await host.webhooks.drain();
    const deliveries = host.get(DeliveriesService);
    const [delivery] = (await deliveries.list({ subscription: id })).items;

    const detail = await deliveries.get(delivery!.id);

    expect(detail).toMatchObject({ event_id: event, state: 'succeeded', attempts: 2, next_attempt_at: null });
    expect(detail.attempt_log).toMatchObject([
      { number: 1, status: 500, error: 'HTTP_STATUS', response: { body: 'no room' } },
      { number: 2, status: 204, error: null, duration_ms: expect.any(Number) as unknown },
    ]);
    const { request } = detail.attempt_log[0]!;
    expect(request).toMatchObject({ method: 'POST', url: stage.receiver.url('/hook') });
    expect(request!.headers).toMatchObject({ 'x-team': 'ops', 'webhook-id': event });
    expect(JSON.stringify(detail)).not.toContain('s3cret');
    expect(detail.body).toBe(stage.receiver.requests[0]!.body);
  });

  it('shows the bytes of a template, and never those with a secret in them', async () => {
    const host = await stage.host();
    const request = (json_body: object) => ({ url: stage.receiver.url('/hook'), json_body });
    const open = await stage.subscribe(host, {
      event_types: ['OrderCreated'],
      http_request: request({ order: '{{order_id}}' }),
    });
    const secret = await stage.subscribe(host, {
      event_types: ['OrderCreated'],
      http_request: request({ key: '{{secrets.KEY}}' }),
      template_secrets: { KEY: 'k3y-of-the-house' },
    });
    await publish(host);
    const deliveries = host.get(DeliveriesService);
    const bodyFor = async (subscription: string): Promise<string | null> => {
      const [delivery] = (await deliveries.list({ subscription })).items;
      return (await deliveries.get(delivery!.id)).body;
    };

    expect(await bodyFor(open.id)).toBe('{"order":"A"}');
    expect(await bodyFor(secret.id)).toBe('********');
  });
});

describeDatabases('resending what is rendered anew', (database) => {
  const stage = useStage(database);

  it('sends what the subscription makes of the event today, and keeps that', async () => {
    const host = await stage.host();
    const body = (v: number) => ({
      url: stage.receiver.url('/hook'),
      json_body: { order: '{{order_id}}', v },
    });
    const { id } = await stage.subscribe(host, { event_types: ['OrderCreated'], http_request: body(1) });
    await publish(host);
    await host.subscriptions.update(id, { http_request: body(2) });
    const deliveries = host.get(DeliveriesService);
    const [delivery] = (await deliveries.list()).items;

    for (const render of ['stored', 'current', 'stored'] as const) {
      await deliveries.resend(delivery!.id, { render });
      await host.webhooks.drain();
    }

    const versions = stage.receiver.requests.map((request) => (JSON.parse(request.body) as { v: number }).v);
    expect(versions).toEqual([1, 1, 2, 2]);
    expect(new Set(stage.receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('refuses any other way to render', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });

    const resend = host.get(DeliveriesService).resend('dlv_1', { render: 'new' as 'current' });

    await expect(resend).rejects.toMatchObject({ code: 'QUERY_INVALID', path: 'render' });
  });
});
