import type { SubscriptionInput } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import type { ReceivedRequest } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { untilLetGo } from '../support/let-go.js';
import { OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { useStage } from '../support/stage.js';

const ONE_RETRY: SubscriptionInput = { limits: { retry_schedule: [10] } };
const DAY = 86_400_000;

const attemptsOf = (requests: readonly ReceivedRequest[]): unknown[] =>
  requests.map(({ headers }) => headers['webhook-attempt']);

async function deliveryIds(host: Host): Promise<string[]> {
  const rows = await host.dataSource.query('SELECT id FROM webhooks_deliveries ORDER BY created_at, id');
  return (rows as { id: string }[]).map(({ id }) => id);
}

interface Scene {
  readonly host: Host;
  readonly deliveries: DeliveriesService;
  readonly subscription: string;
  readonly delivery: string;
}

/** One event, published to the receiver, of which the first attempt is on record. */
async function firstAttempt(stage: Stage, input: SubscriptionInput = ONE_RETRY): Promise<Scene> {
  const host = await stage.host();
  const { id: subscription, tenant } = await stage.subscribe(host, input);
  await host.webhooks.publish(OrderCreated.of('A'), { tenant });
  await host.webhooks.drain();
  const [delivery] = await deliveryIds(host);
  return { host, deliveries: host.get(DeliveriesService), subscription, delivery: delivery! };
}

async function after(host: Host, ms: number): Promise<void> {
  host.clock.advance(ms);
  await host.webhooks.drain();
}

describeDatabases('resending a delivery', (database) => {
  const stage = useStage(database);

  it('that has succeeded sends the same bytes again, as the next attempt of the same delivery', async () => {
    const { host, deliveries, delivery } = await firstAttempt(stage);

    const view = await deliveries.resend(delivery);
    await host.webhooks.drain();

    const [first, second] = stage.receiver.requests;
    expect(view).toMatchObject({ id: delivery, state: 'pending', attempts: 1 });
    expect(attemptsOf(stage.receiver.requests)).toEqual(['1', '2']);
    expect(second!.body).toBe(first!.body);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(await host.count('attempts')).toBe(2);
    expect(await host.count('deliveries')).toBe(1);
    expect(await deliveries.get(delivery)).toMatchObject({
      state: 'succeeded',
      attempts: 2,
      last_status: 204,
      last_error: null,
    });
  });

  it('that is exhausted begins its schedule, and its life, again', async () => {
    stage.receiver.answer('/hook', 500);
    const { host, deliveries, delivery } = await firstAttempt(stage);
    await after(host, 13_000);
    expect(await deliveries.get(delivery)).toMatchObject({ state: 'exhausted', attempts: 2 });
    host.clock.advance(6 * DAY);

    await deliveries.resend(delivery);
    await host.webhooks.drain();
    expect(await deliveries.get(delivery)).toMatchObject({ state: 'pending', attempts: 3 });
    await after(host, 13_000);

    expect(attemptsOf(stage.receiver.requests)).toEqual(['1', '2', '3', '4']);
    expect(await deliveries.get(delivery)).toMatchObject({ state: 'exhausted', attempts: 4 });
  });

  it('that waits for its next attempt does not wait any more', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const { host, deliveries, delivery } = await firstAttempt(stage);

    await deliveries.resend(delivery);
    await host.webhooks.drain();
    await after(host, DAY);

    expect(attemptsOf(stage.receiver.requests)).toEqual(['1', '2']);
    expect(await deliveries.get(delivery)).toMatchObject({ state: 'succeeded' });
  });

  it('sends the body of its first attempt, to the address of now', async () => {
    const http_request = { url: stage.receiver.url('/old'), json_body: { order: '{{order_id}}', v: 1 } };
    const { host, deliveries, subscription, delivery } = await firstAttempt(stage, {
      event_types: ['OrderCreated'],
      http_request,
    });
    const moved = { url: stage.receiver.url('/new'), json_body: { v: 2 } };
    await host.subscriptions.update(subscription, { http_request: moved });

    await deliveries.resend(delivery);
    await host.webhooks.drain();

    const [request] = stage.receiver.requestsTo('/new');
    expect(JSON.parse(request!.body)).toEqual({ order: 'A', v: 1 });
    expect(request!.body).toBe(stage.receiver.requestsTo('/old')[0]!.body);
  });

  it('that was canceled sends it after all', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const { host, deliveries, delivery } = await firstAttempt(stage);
    await deliveries.cancel(delivery);

    await deliveries.resend(delivery);
    await host.webhooks.drain();

    expect(await deliveries.get(delivery)).toMatchObject({ state: 'succeeded', attempts: 2 });
  });

  it.each(['disable', 'pause'] as const)('is refused after %s, and sends nothing', async (change) => {
    const { host, deliveries, subscription, delivery } = await firstAttempt(stage);
    await host.subscriptions[change](subscription);

    const resend = deliveries.resend(delivery);

    await expect(resend).rejects.toMatchObject({
      code: 'DELIVERY_CONFLICT',
      message: expect.stringContaining(delivery) as unknown,
    });
    await after(host, DAY);
    expect(stage.receiver.requests).toHaveLength(1);
    expect(await deliveries.get(delivery)).toMatchObject({ state: 'succeeded' });
  });

  it('is refused after its subscription was deleted', async () => {
    const { host, deliveries, subscription, delivery } = await firstAttempt(stage);
    await host.subscriptions.delete(subscription);

    await expect(deliveries.resend(delivery)).rejects.toMatchObject({ code: 'DELIVERY_CONFLICT' });
  });

  it('is possible once its subscription is enabled again', async () => {
    stage.receiver.answer('/hook', 410, 204);
    const { host, deliveries, subscription, delivery } = await firstAttempt(stage);
    await host.subscriptions.enable(subscription);

    await deliveries.resend(delivery);
    await host.webhooks.drain();

    expect(await deliveries.get(delivery)).toMatchObject({ state: 'succeeded', attempts: 2 });
  });

  it('is done by another process where this one does not send', async () => {
    const { host: worker, delivery } = await firstAttempt(stage);
    const office = await stage.host({ webhooks: { dispatch: false } });

    await office.get(DeliveriesService).resend(delivery);
    await worker.webhooks.drain();

    expect(attemptsOf(stage.receiver.requests)).toEqual(['1', '2']);
  });

  it('uses up no retry of the others, and leaves them alone', async () => {
    stage.receiver.answer('/hook', 500, 500, 204);
    const { host, deliveries, delivery } = await firstAttempt(stage);
    await host.webhooks.publish(OrderCreated.of('B'));
    await host.webhooks.drain();

    await deliveries.resend(delivery);
    await host.webhooks.drain();

    expect(await host.count('deliveries', `state = 'pending' AND attempts = 1 AND step = 1`)).toBe(1);
    expect(await stage.arrivedOrders(host)).toEqual(['A', 'A', 'B']);
  });
});

describeDatabases('canceling a delivery', (database) => {
  const stage = useStage(database);

  it('that waits for its next attempt ends it', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const { host, deliveries, delivery } = await firstAttempt(stage);

    const view = await deliveries.cancel(delivery);
    await after(host, DAY);

    expect(view).toMatchObject({ id: delivery, state: 'canceled', attempts: 1, last_status: 500 });
    expect(stage.receiver.requests).toHaveLength(1);
  });

  it('that is held ends it: resume does not send it', async () => {
    stage.receiver.answer('/hook', 500, 204);
    const { host, deliveries, subscription, delivery } = await firstAttempt(stage);
    await host.subscriptions.pause(subscription);

    await deliveries.cancel(delivery);
    await host.subscriptions.resume(subscription);
    await after(host, DAY);

    expect(stage.receiver.requests).toHaveLength(1);
  });

  it('that waits for its turn behind another one ends it', async () => {
    const host = await stage.host({ webhooks: { delivery: { concurrencyPerSubscription: 1 } } });
    await stage.subscribe(host, ONE_RETRY);
    const { until, letGo } = untilLetGo();
    stage.receiver.answer('/hook', 500, 500, { status: 204, until });
    for (const order of ['A', 'B']) await host.webhooks.publish(OrderCreated.of(order));
    await host.webhooks.drain();
    host.clock.advance(13_000);
    const sending = host.webhooks.drain();
    await stage.receiver.waitFor(3);
    const underWay = stage.receiver.requests[2]!.headers['webhook-id'];
    const deliveries = host.get(DeliveriesService);
    const waiting = (await deliveries.list()).items.find((each) => each.event_id !== underWay);

    await deliveries.cancel(waiting!.id);
    letGo();
    await sending;

    expect(stage.receiver.requests).toHaveLength(3);
    expect(await deliveries.get(waiting!.id)).toMatchObject({ state: 'canceled', attempts: 1 });
  });

  it.each([500, 204])('is not undone by an attempt under way that is answered with %d', async (status) => {
    const { until, letGo } = untilLetGo();
    stage.receiver.answer('/hook', 500, { status, until });
    const { host, deliveries, delivery } = await firstAttempt(stage);
    host.clock.advance(13_000);
    const sending = host.webhooks.drain();
    await stage.receiver.waitFor(2);

    await deliveries.cancel(delivery);
    letGo();
    await sending;
    await after(host, DAY);

    expect(await deliveries.get(delivery)).toMatchObject({ state: 'canceled' });
    expect(stage.receiver.requests).toHaveLength(2);
    expect(await host.count('attempts')).toBe(2);
  });

  it.each([
    ['succeeded', 204],
    ['exhausted', 500],
    ['failed', 410],
  ] as const)('that is %s is refused', async (state, status) => {
    stage.receiver.answer('/hook', status);
    const { host, deliveries, delivery } = await firstAttempt(stage);
    await after(host, 13_000);

    await expect(deliveries.cancel(delivery)).rejects.toMatchObject({
      code: 'DELIVERY_CONFLICT',
      message: expect.stringContaining(state) as unknown,
    });
    expect(await deliveries.get(delivery)).toMatchObject({ state });
  });

  it('twice is refused', async () => {
    stage.receiver.answer('/hook', 500);
    const { deliveries, delivery } = await firstAttempt(stage);
    await deliveries.cancel(delivery);

    await expect(deliveries.cancel(delivery)).rejects.toMatchObject({ code: 'DELIVERY_CONFLICT' });
  });
});

describeDatabases('a delivery', (database) => {
  const stage = useStage(database);

  it('of another tenant is not there: it can be neither seen, nor sent, nor canceled', async () => {
    stage.receiver.answer('/hook', 500);
    const { host, deliveries, delivery } = await firstAttempt(stage, { tenant: 'a' });

    for (const act of ['get', 'resend', 'cancel'] as const) {
      const scope = { tenant: 'b' };
      const missing =
        act === 'resend' ? deliveries.resend(delivery, {}, scope) : deliveries[act](delivery, scope);
      await expect(missing).rejects.toMatchObject({ code: 'DELIVERY_NOT_FOUND' });
      await expect(deliveries[act]('dlv_nobody')).rejects.toMatchObject({ code: 'DELIVERY_NOT_FOUND' });
    }

    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(1);
    expect(await deliveries.get(delivery, { tenant: 'a' })).toMatchObject({ state: 'pending', tenant: 'a' });
  });

  it('of an event for all tenants is the one of its subscription', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { tenant: 'a' });
    await host.webhooks.publish(OrderCreated.of('A'), { tenant: '*' });
    await host.webhooks.drain();
    const [delivery] = await deliveryIds(host);

    const view = await host.get(DeliveriesService).get(delivery!, { tenant: 'a' });

    expect(view).toMatchObject({ subscription_id: id, tenant: 'a', state: 'succeeded' });
  });
});
