import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import type { DeliveryView, SubscriptionInput } from 'nestjs-webhooks';
import {
  DeliveriesService,
  EgressGuard,
  RateLimitedError,
  SubscriptionNotFoundError,
  TrialsService,
  verify,
} from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { LOOPBACK } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';
import { StatementTap } from '../support/statement-tap.js';

const LEASE_MS = 60_000;
const DAY = 86_400_000;
const DATA = { order_id: 'AGW-7', total: 7, pnr: null };

async function outcome(host: Host, delivery_id: string): Promise<DeliveryView> {
  await host.webhooks.drain();
  return host.get(DeliveriesService).get(delivery_id);
}

describeDatabases('a test send', (database) => {
  const stage = useStage(database);

  it('sends the sample of the first event type once, signed and marked', async () => {
    const host = await stage.host();
    const { id, secret } = await stage.subscribe(host);

    const { event_id, delivery_id } = await host.get(TrialsService).send(id);
    const delivery = await outcome(host, delivery_id);

    expect(delivery).toMatchObject({
      id: delivery_id,
      event_id,
      subscription_id: id,
      tenant: 'default',
      test: true,
      state: 'succeeded',
      attempts: 1,
      last_status: 204,
      last_error: null,
    });
    const [request, ...more] = stage.receiver.requests;
    expect(more).toHaveLength(0);
    expect(request!.headers).toMatchObject({
      'webhook-test': 'true',
      'webhook-id': event_id,
      'webhook-attempt': '1',
    });
    expect(verify(request!, secret, host.clock.now())).toBeNull();
    expect(dataOf(request!)).toMatchObject({
      event_id,
      event_type: 'OrderCreated',
      order_id: 'AGW-1',
      sequence: null,
    });
  });

  it('sends given data of a given event type through the template, whatever the filter says', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, {
      event_types: ['order.created', 'OrderCanceled'],
      filter: { total: { $gt: 100 } },
      http_request: {
        url: stage.receiver.url('/{{order_id}}'),
        json_body: { is: '{{event_type}}', id: '{{event_id}}' },
      },
    });
    const data = { ...DATA, event_id: 'evt_old', sequence: 12 };

    const { event_id, delivery_id } = await host
      .get(TrialsService)
      .send(id, { event_type: 'OrderCanceled', data });

    expect(await outcome(host, delivery_id)).toMatchObject({ state: 'succeeded' });
    expect(stage.receiver.requests).toMatchObject([
      {
        path: '/AGW-7',
        body: `{"is":"OrderCanceled","id":"${event_id}"}`,
        headers: { 'webhook-test': 'true' },
      },
    ]);
  });

  it('goes to nobody else, counts in no sequence, and real events are not marked', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    await stage.subscribe(host, { url: stage.receiver.url('/other') });
    await stage.subscribe(host, { url: stage.receiver.url('/ordered'), ordering: 'subject' });
    await host.webhooks.publish(OrderCreated.of('AGW-7'));
    await host.get(TrialsService).send(id, { event_type: 'OrderCreated', data: DATA });
    await host.webhooks.publish(OrderCreated.of('AGW-7'));
    await host.webhooks.drain();

    const sequencesAt = (path: string): unknown[] =>
      stage.receiver.requestsTo(path).map((request) => dataOf(request)['sequence']);
    expect(sequencesAt('/ordered')).toEqual([1, 2]);
    // Here they are sent at the same time.
    expect(sequencesAt('/other').sort()).toEqual([1, 2]);
    for (const { path, headers } of stage.receiver.requests)
      if (path !== '/hook') expect(headers).not.toHaveProperty('webhook-test');
    const marks = stage.receiver.requestsTo('/hook').map(({ headers }) => headers['webhook-test'] ?? 'real');
    expect(marks.sort()).toEqual(['real', 'real', 'true']);
    expect(await host.count('events', 'test IS NULL')).toBe(2);
    expect(await host.count('events', 'due_at IS NOT NULL')).toBe(0);
  });

  it.each([
    ['a 500', 500],
    ['a 429 that names a time', { status: 429, headers: { 'retry-after': '1' } }],
    ['a 410', 410],
    ['a reset', { kind: 'reset' } as const],
  ])('is not repeated after %s, and leaves the subscription as it was', async (_name, answer) => {
    const told: unknown[] = [];
    const host = await stage.host({ imports: [EventEmitterModule.forRoot({ wildcard: true })] });
    host.get(EventEmitter2).onAny((name) => void told.push(name));
    stage.receiver.answer('/hook', answer);
    const { id } = await stage.subscribe(host);

    const { delivery_id } = await host.get(TrialsService).send(id);
    expect(await outcome(host, delivery_id)).toMatchObject({
      attempts: 1,
      last_error: expect.any(String) as string,
    });
    host.clock.advance(DAY);
    const delivery = await outcome(host, delivery_id);

    expect(['exhausted', 'failed']).toContain(delivery.state);
    expect(stage.receiver.requests).toHaveLength(1);
    expect(await host.count('health')).toBe(0);
    expect(await host.subscriptions.get(id)).toMatchObject({ state: 'enabled', version: 1 });
    expect(told).toEqual([]);
  });

  it('opens no circuit, and goes through an open one', async () => {
    const host = await stage.host({ webhooks: { health: { failureThreshold: 3 } } });
    stage.receiver.answer('/hook', 500);
    const { id } = await stage.subscribe(host, { limits: { retry_schedule: [86_400] } });
    for (let n = 0; n < 5; n++) await host.get(TrialsService).send(id);
    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(5);
    expect(await host.count('health')).toBe(0);
    for (let n = 0; n < 5; n++) await host.webhooks.publish(OrderCreated.of(`${n}`));
    await host.webhooks.drain();
    expect(await host.count('health', 'open_until IS NOT NULL')).toBe(1);
    const before = stage.receiver.requests.length;

    stage.receiver.answer('/hook', 204);
    const { delivery_id } = await host.get(TrialsService).send(id);

    expect(await outcome(host, delivery_id)).toMatchObject({ state: 'succeeded' });
    expect(stage.receiver.requests).toHaveLength(before + 1);
    expect(await host.count('health', 'open_until IS NOT NULL')).toBe(1);
  });

  it.each(['paused', 'disabled'] as const)('reaches a %s subscription, which stays so', async (state) => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { state });
    await host.webhooks.publish(OrderCreated.of('A'));

    const { delivery_id } = await host.get(TrialsService).send(id);

    expect(await outcome(host, delivery_id)).toMatchObject({ state: 'succeeded' });
    expect(stage.receiver.requests.map(({ headers }) => headers['webhook-test'])).toEqual(['true']);
    expect(await host.subscriptions.get(id)).toMatchObject({ state });
  });

  it.each(['pause', 'disable'] as const)('that is not sent yet is not held by a %s', async (action) => {
    const publisher = await stage.host({ webhooks: { dispatch: false } });
    const { id } = await stage.subscribe(publisher);
    const { delivery_id } = await publisher.get(TrialsService).send(id);
    await publisher.subscriptions[action](id);

    const worker = await stage.host();

    expect(await outcome(worker, delivery_id)).toMatchObject({ state: 'succeeded', test: true });
  });

  it('is sent by another process when the first one dies before', async () => {
    const clock = new TestClock();
    const dying = await stage.host({ clock });
    const { id } = await stage.subscribe(dying, { event_types: ['OrderCreated'] });
    const written = new StatementTap(dying).hold(/^SELECT id, tenant, type/);
    const sending = dying.get(TrialsService).send(id, { data: DATA });
    await written.reached;

    const next = await stage.host({ clock });
    await next.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(0);
    clock.advance(LEASE_MS + 1);
    await next.webhooks.drain();

    expect(stage.receiver.requests).toMatchObject([
      { headers: { 'webhook-test': 'true', 'webhook-attempt': '1' } },
    ]);
    expect(dataOf(stage.receiver.requests[0]!)).toMatchObject(DATA);
    written.open();
    // The one that was late finds its lease gone.
    const { delivery_id } = await sending;
    expect(await outcome(dying, delivery_id)).toMatchObject({ state: 'succeeded', attempts: 1 });
    expect(stage.receiver.requests).toHaveLength(1);
  });

  it('is written whole or not at all', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    const tap = new StatementTap(host, {
      clause: 'RETURNING expires_at, fence',
      instead: 'RETURNING nothing',
    });

    await expect(host.get(TrialsService).send(id)).rejects.toMatchObject({
      message: expect.stringContaining('nothing') as string,
    });

    expect(tap.hasMutated).toBe(true);
    for (const table of ['events', 'deliveries']) expect(await host.count(table)).toBe(0);
  });

  it('waits while an operator has stopped deliveries', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host);
    await host.webhooks.stopDeliveries();
    const { delivery_id } = await host.get(TrialsService).send(id);
    expect(await outcome(host, delivery_id)).toMatchObject({ state: 'pending', attempts: 0 });

    await host.webhooks.startDeliveries();
    host.clock.advance(2_000);

    expect(await outcome(host, delivery_id)).toMatchObject({ state: 'succeeded', attempts: 1 });
  });

  it('of a template that fails is on record with its reason', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, {
      event_types: ['OrderCreated'],
      http_request: { url: stage.receiver.url('/{{pnr}}') },
    });
    const { delivery_id } = await host.get(TrialsService).send(id, { data: DATA });

    const delivery = await outcome(host, delivery_id);

    expect(delivery).toMatchObject({ state: 'failed', attempts: 1, last_error: 'URL_NULL_SEGMENT' });
    expect(stage.receiver.requests).toHaveLength(0);
  });

  it('may be sent again by hand, marked as before', async () => {
    const host = await stage.host();
    stage.receiver.answer('/hook', 500, 204);
    const { id } = await stage.subscribe(host);
    const { delivery_id } = await host.get(TrialsService).send(id);
    expect(await outcome(host, delivery_id)).toMatchObject({ state: 'exhausted' });

    await host.get(DeliveriesService).resend(delivery_id);

    expect(await outcome(host, delivery_id)).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(stage.receiver.requests.map(({ headers }) => headers['webhook-test'])).toEqual(['true', 'true']);
  });

  it('tells a subscriber the same of a blocked target and a closed one', async () => {
    const host = await stage.host();
    const blocked = await stage.subscribe(host, { tenant: 'acme' });
    const closed = await stage.subscribe(host, { tenant: 'acme', url: 'http://127.0.0.1:1024/' });
    host.get(EgressGuard).replace({ allow: LOOPBACK, ports: [1024] });
    const scope = { tenant: 'acme' };

    const views: object[] = [];
    for (const { id } of [blocked, closed]) {
      const { delivery_id } = await host.get(TrialsService).send(id, {}, scope);
      await host.webhooks.drain();
      const view = await host.get(DeliveriesService).get(delivery_id, scope);
      const { state, attempts, last_status, last_error, next_attempt_at } = view;
      const log = view.attempt_log.map(({ request: _own, started_at: _when, ...learnt }) => learnt);
      views.push({ state, attempts, last_status, last_error, next_attempt_at, log });
    }

    expect(views[0]).toMatchObject({ state: 'exhausted', last_status: null, last_error: 'UNREACHABLE' });
    expect(views[0]).toMatchObject({ log: [{ error: 'UNREACHABLE', duration_ms: null, detail: null }] });
    expect(views[1]).toEqual(views[0]);
    expect(await host.count('attempts', `error = 'TARGET_BLOCKED'`)).toBe(1);
  });
});

describeDatabases('a request for a test send', (database) => {
  const stage = useStage(database);

  it.each<[string, SubscriptionInput, object, object]>([
    [
      'an unknown event type',
      {},
      { event_type: 'Order' },
      { code: 'UNKNOWN_EVENT_TYPE', path: 'event_type' },
    ],
    [
      'one that it does not ask for',
      { event_types: ['OrderCanceled'] },
      { event_type: 'order.created' },
      { path: 'event_type' },
    ],
    ['data without a type', {}, { data: DATA }, { code: 'SUBSCRIPTION_INVALID', path: 'event_type' }],
    [
      'data that are not valid',
      { event_types: ['OrderCreated'] },
      { data: { total: '1' } },
      { code: 'EVENT_INVALID' },
    ],
  ])('is refused for %s, and nothing is written', async (_name, input, event, error) => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, input);

    await expect(host.get(TrialsService).send(id, event)).rejects.toMatchObject(error);

    for (const table of ['events', 'deliveries']) expect(await host.count(table)).toBe(0);
  });

  it('counts although its data are not valid: to say so is the work', async () => {
    const host = await stage.host({ webhooks: { limits: { testsPerMinute: 1 } } });
    const { id } = await stage.subscribe(host, { event_types: ['OrderCreated'] });
    const trials = host.get(TrialsService);

    await expect(trials.send(id, { data: {} })).rejects.toMatchObject({ code: 'EVENT_INVALID' });
    await expect(trials.send(id, { data: DATA })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('is refused for what another tenant has', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { tenant: 'acme' });
    const trials = host.get(TrialsService);

    await expect(trials.send(id, {}, { tenant: 'other' })).rejects.toBeInstanceOf(SubscriptionNotFoundError);
    await expect(trials.send('sub_none')).rejects.toBeInstanceOf(SubscriptionNotFoundError);
    const { delivery_id } = await trials.send(id, {}, { tenant: 'acme' });
    await expect(host.get(DeliveriesService).get(delivery_id, { tenant: 'other' })).rejects.toThrow(
      delivery_id,
    );
  });

  it('is made ten times a minute for each tenant, over all processes and in parallel', async () => {
    const clock = new TestClock();
    const hosts = [await stage.host({ clock }), await stage.host({ clock })];
    const [host] = hosts;
    const { id } = await stage.subscribe(host!, { tenant: 'a' });
    const other = await stage.subscribe(host!, { tenant: 'b' });
    const tries = Array.from({ length: 30 }, (_, n) => hosts[n % 2]!.get(TrialsService).send(id));
    const settled = await Promise.allSettled(tries);

    const refusals = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(refusals).toHaveLength(20);
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(RateLimitedError);
    const { retryAfterSeconds } = refusals[0] as RateLimitedError;
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(await host!.count('deliveries')).toBe(10);
    await expect(host!.get(TrialsService).send(other.id)).resolves.toBeDefined();
    clock.advance(60_000);
    await expect(hosts[1]!.get(TrialsService).send(id)).resolves.toBeDefined();
  });

  it('counts the same when it is one to send it again', async () => {
    const host = await stage.host({ webhooks: { limits: { testsPerMinute: 2 } } });
    const { id } = await stage.subscribe(host, { tenant: 'a' });
    const { delivery_id } = await host.get(TrialsService).send(id);
    await host.webhooks.drain();
    const deliveries = host.get(DeliveriesService);

    await expect(deliveries.resend(delivery_id)).resolves.toMatchObject({ test: true });
    await host.webhooks.drain();
    await expect(deliveries.resend(delivery_id)).rejects.toBeInstanceOf(RateLimitedError);
    await expect(host.get(TrialsService).send(id)).rejects.toBeInstanceOf(RateLimitedError);
    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(2);

    await host.webhooks.publish(OrderCreated.of('A'), { tenant: 'a' });
    await host.webhooks.drain();
    const { items } = await deliveries.list({ test: false });
    await expect(deliveries.resend(items[0]!.id)).resolves.toMatchObject({ test: false });
  });
});
