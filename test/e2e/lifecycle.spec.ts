import { Injectable } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import type { LifecycleEvent, SubscriptionInput } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host, HostOptions } from '../support/host.js';
import { untilLetGo } from '../support/let-go.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const SIX_TRIES: SubscriptionInput = { limits: { retry_schedule: [10, 10, 10, 10, 10] } };
const EVERY_NAME = [
  ...['delivery.failing', 'delivery.recovered', 'delivery.exhausted'],
  ...['subscription.unhealthy', 'subscription.disabled', 'subscription.enabled'],
].map((name) => `webhooks.${name}`);

type Told = readonly [name: string, event: LifecycleEvent];

function recordAll(host: Host): Told[] {
  const told: Told[] = [];
  const emitter = host.get(EventEmitter2);
  for (const name of EVERY_NAME) emitter.on(name, (event: LifecycleEvent) => told.push([name, event]));
  return told;
}

async function tries(host: Host, count: number): Promise<void> {
  for (let attempt = 0; attempt < count; attempt++) {
    await host.webhooks.drain();
    host.clock.advance(13_000);
  }
  // Listeners are told after the work.
  await new Promise(setImmediate);
}

describeDatabases('the host', (database) => {
  const stage = useStage(database);

  const start = async (input = SIX_TRIES): Promise<{ host: Host; told: Told[]; about: LifecycleEvent }> => {
    const host = await stage.host({ imports: [EventEmitterModule.forRoot()] });
    const { id } = await stage.subscribe(host, { tenant: 'acme', ...input });
    const told = recordAll(host);
    const { id: eventId } = await host.webhooks.publish(OrderCreated.of('A'), { tenant: 'acme' });
    const about = { subscriptionId: id, tenant: 'acme', eventId, eventType: 'OrderCreated' };
    return { host, told, about };
  };

  it('is told of the fourth failure of a delivery, and when it succeeds after that', async () => {
    stage.receiver.answer('/hook', 500, 500, 500, 503, 500, 204);
    const { host, told, about } = await start();
    const deliveryId = expect.any(String) as string;

    await tries(host, 3);
    expect(told).toEqual([]);
    await tries(host, 1);
    const failing = { ...about, deliveryId, attempts: 4, status: 503, error: 'HTTP_STATUS' };
    expect(told).toEqual([['webhooks.delivery.failing', failing]]);
    await tries(host, 2);

    const recovered = { ...about, deliveryId, attempts: 6, status: 204, error: null };
    expect(told.slice(1)).toEqual([['webhooks.delivery.recovered', recovered]]);
    expect(await host.count('deliveries', `id = '${told[0]![1].deliveryId}'`)).toBe(1);
  });

  it('is told when a delivery is exhausted', async () => {
    stage.receiver.answer('/hook', { kind: 'reset' });
    const { host, told, about } = await start({ limits: { retry_schedule: [10] } });

    await tries(host, 2);

    const deliveryId = expect.any(String) as string;
    const exhausted = { ...about, deliveryId, attempts: 2, status: null, error: 'CONNECTION_RESET' };
    expect(told).toEqual([['webhooks.delivery.exhausted', exhausted]]);
  });

  it('is not told of what succeeds soon', async () => {
    stage.receiver.answer('/hook', 500, 500, 500, 204);
    const { host, told } = await start();

    await tries(host, 4);

    expect(told).toEqual([]);
    expect(stage.receiver.requests).toHaveLength(4);
  });

  it('is told of disabling and enabling, whoever did it, with the reason, and once', async () => {
    stage.receiver.answer('/hook', 410);
    const { host, told, about } = await start();
    const { subscriptionId: id, tenant } = about;

    await tries(host, 1);
    await host.subscriptions.enable(id);
    await host.subscriptions.disable(id, 'does not pay');
    await host.subscriptions.disable(id, 'again');
    await host.subscriptions.enable(id);
    await host.subscriptions.pause(id);
    await host.subscriptions.resume(id);
    await tries(host, 1);

    expect(told).toEqual([
      ['webhooks.subscription.disabled', { subscriptionId: id, tenant, reason: 'gone' }],
      ['webhooks.subscription.enabled', { subscriptionId: id, tenant, reason: null }],
      ['webhooks.subscription.disabled', { subscriptionId: id, tenant, reason: 'does not pay' }],
      ['webhooks.subscription.enabled', { subscriptionId: id, tenant, reason: null }],
    ]);
  });

  it('is told on the way to disabling: how far it is', async () => {
    stage.receiver.answer('/hook', 500);
    const { host, told, about } = await start({ limits: { retry_schedule: [86_400, 86_400, 86_400] } });

    for (let day = 0; day < 4; day++) {
      await tries(host, 1);
      host.clock.advance(30 * 3_600_000);
    }

    const { subscriptionId, tenant } = about;
    const unhealthy = told.filter(([name]) => name === 'webhooks.subscription.unhealthy');
    expect(unhealthy.map(([, event]) => event)).toEqual([{ subscriptionId, tenant, percent: 50 }]);
  });

  it('may listen with @OnEvent', async () => {
    const heard: LifecycleEvent[] = [];
    @Injectable()
    class Alarm {
      @OnEvent('webhooks.delivery.*')
      ring(event: LifecycleEvent): void {
        heard.push(event);
      }
    }
    stage.receiver.answer('/hook', 500);
    const imports = [EventEmitterModule.forRoot({ wildcard: true })];
    const host = await stage.host({ imports, providers: [Alarm] });
    await stage.subscribe(host, SIX_TRIES);
    await host.webhooks.publish(OrderCreated.of('A'));

    await tries(host, 6);

    expect(heard.map(({ attempts }) => attempts)).toEqual([4, 6]);
  });
});

describeDatabases('a listener of the host', (database) => {
  const stage = useStage(database);

  const BADLY: Readonly<Record<string, () => unknown>> = {
    throws: () => {
      throw new Error('alarm is broken');
    },
    rejects: () => Promise.reject(new Error('alarm is broken')),
    hangs: () => new Promise(() => undefined),
    'throws no error': () => {
      throw null;
    },
  };

  it.each(Object.keys(BADLY))('that %s changes nothing', async (how) => {
    stage.receiver.answer('/hook', 500, 500, 500, 500, 204);
    const host = await stage.host({ imports: [EventEmitterModule.forRoot()] });
    const emitter = host.get(EventEmitter2);
    for (const name of EVERY_NAME) emitter.on(name, () => BADLY[how]!());
    const { id } = await stage.subscribe(host, SIX_TRIES);
    await host.webhooks.publish(OrderCreated.of('A'));

    await tries(host, 5);
    await host.subscriptions.disable(id);
    await host.subscriptions.enable(id);
    await host.webhooks.publish(OrderCreated.of('B'));

    expect(await stage.arrivedOrders(host)).toEqual(['A', 'A', 'A', 'A', 'A', 'B']);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(2);
    expect(host.logger.of('error')).toEqual([]);
  });

  it.each<[string, HostOptions]>([
    ['no EventEmitter2', {}],
    ['an EventEmitter2 that nobody listens to', { imports: [EventEmitterModule.forRoot()] }],
  ])('is not needed: %s', async (_title, options) => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host(options);
    const { id } = await stage.subscribe(host, SIX_TRIES);
    await host.webhooks.publish(OrderCreated.of('A'));

    await tries(host, 6);
    await host.subscriptions.disable(id);

    expect(await host.count('deliveries', `state = 'exhausted'`)).toBe(1);
    expect(host.logger.of('error')).toEqual([]);
    expect(host.logger.of('warn')).toEqual([expect.stringContaining('A delivery is given up')]);
  });
});

describeDatabases('an attempt under way', (database) => {
  const stage = useStage(database);

  const failingLate = async (): Promise<{ host: Host; id: string; letGo: () => void }> => {
    const { until, letGo } = untilLetGo();
    const host = await stage.host();
    stage.receiver.answer('/hook', { status: 500, until }, 204);
    const { id } = await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await stage.receiver.waitFor(1);
    return { host, id, letGo };
  };

  it('when its subscription is paused is put on record, and its retry waits for resume', async () => {
    const { host, id, letGo } = await failingLate();

    await host.subscriptions.pause(id);
    letGo();
    await host.webhooks.drain();
    host.clock.advance(10_000);
    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(1);
    expect(await host.count('deliveries', `state = 'held' AND attempts = 1 AND due_at IS NULL`)).toBe(1);
    await host.subscriptions.resume(id);

    expect(await stage.arrivedOrders(host)).toEqual(['A', 'A']);
  });

  it('when its subscription is disabled is put on record, and enabling does not send its retry', async () => {
    const { host, id, letGo } = await failingLate();

    await host.subscriptions.disable(id);
    letGo();
    await host.webhooks.drain();
    await host.subscriptions.enable(id);
    host.clock.advance(10_000);
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(1);
    expect(await host.count('deliveries', `state = 'held' AND attempts = 1 AND due_at IS NULL`)).toBe(1);
  });

  it('when its subscription is deleted is put on record, and there is no retry', async () => {
    const { host, id, letGo } = await failingLate();

    await host.subscriptions.delete(id);
    letGo();
    await host.webhooks.drain();
    host.clock.advance(10_000);
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(1);
    expect(await host.count('deliveries', `state = 'canceled'`)).toBe(1);
    expect(await host.count('attempts', 'status = 500')).toBe(1);
  });
});
