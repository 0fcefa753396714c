import { WebhookReceiver } from 'nestjs-webhooks/testing';
import { Webhook } from 'standardwebhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { startHost } from '../support/host.js';
import { OrderCreated, OrderEntity } from '../support/order-events.js';

describeDatabases('delivery', (database) => {
  let host: Host;
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    receiver = await WebhookReceiver.start({ waitTimeoutMs: 120_000 });
    host = await startHost(await database.fresh());
  });

  afterEach(async () => {
    await host.close();
    await receiver.close();
  });

  it('delivers an event of a committed transaction, signed, in the standard envelope', async () => {
    const { secret } = await host.subscriptions.create({
      event_types: ['OrderCreated'],
      url: receiver.url('/hook'),
    });

    await host.webhooks.transaction(async (manager) => {
      await manager.insert(OrderEntity, { id: 'A', tenant: 'default', total: 3 });
      await host.webhooks.publish(OrderCreated.of('A', 3));
    });
    await host.webhooks.drain();

    const [request] = receiver.requests;
    expect(receiver.requests).toHaveLength(1);
    expect(request!.headers['content-type']).toBe('application/json');
    expect(request!.headers['webhook-attempt']).toBe('1');
    expect(new Webhook(secret!).verify(request!.body, request!.headers)).toEqual({
      type: 'OrderCreated',
      timestamp: expect.any(String),
      data: {
        event_id: request!.headers['webhook-id'],
        event_type: 'OrderCreated',
        occurred_at: expect.any(String),
        sequence: 1,
        catalog_version: 1,
        order_id: 'A',
        total: 3,
        pnr: null,
      },
    });
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
    expect(await host.count('attempts')).toBe(1);
    expect(await host.count('events', 'due_at IS NULL')).toBe(1);
  });

  it('sends nothing for a transaction that is rolled back', async () => {
    await host.subscriptions.create({ url: receiver.url('/hook') });

    const work = host.webhooks.transaction(async (manager) => {
      await manager.insert(OrderEntity, { id: 'A', tenant: 'default', total: 3 });
      await host.webhooks.publish(OrderCreated.of('A', 3));
      throw new Error('no seats left');
    });

    await expect(work).rejects.toThrow('no seats left');
    await host.webhooks.drain();
    expect(receiver.requests).toHaveLength(0);
    expect(await host.count('events')).toBe(0);
  });

  it('tries again by the schedule until the receiver answers 2xx, with the same id and the same bytes', async () => {
    receiver.answer('/hook', { status: 500 }, { status: 503 }, { status: 204 });
    await host.subscriptions.create({ url: receiver.url('/hook') });
    await host.webhooks.publish(OrderCreated.of('A'));

    await host.webhooks.drain();
    host.clock.advance(7_000);
    await host.webhooks.drain();
    host.clock.advance(400_000);
    await host.webhooks.drain();

    expect(receiver.requests.map(({ headers }) => headers['webhook-attempt'])).toEqual(['1', '2', '3']);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.requests.map(({ body }) => body)).size).toBe(1);
    expect(await host.count('attempts')).toBe(3);
    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 3`)).toBe(1);
  });
});
