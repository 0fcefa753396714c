import { ALL_TENANTS, WebhookEvent, WebhookField } from 'nestjs-webhooks';
import { IsString } from 'class-validator';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { EVENTS, OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

@WebhookEvent('AgencyOrderCreated', { tenant: (event: AgencyOrderCreated) => event.agency })
class AgencyOrderCreated {
  @WebhookField({ example: 'agency-1' })
  @IsString()
  agency!: string;

  @WebhookField({ example: 'AGW-1' })
  @IsString()
  order_id!: string;

  static of(agency: string, orderId: string): AgencyOrderCreated {
    return Object.assign(new AgencyOrderCreated(), { agency, order_id: orderId });
  }
}

describeDatabases('tenants', (database) => {
  const stage = useStage(database);

  const subscribeBoth = async (host: Host): Promise<void> => {
    await stage.subscribe(host, { tenant: 'a', url: stage.receiver.url('/a') });
    await stage.subscribe(host, { tenant: 'b', url: stage.receiver.url('/b') });
  };

  it('see their own events only', async () => {
    const host = await stage.host();
    await subscribeBoth(host);

    await host.webhooks.publish(OrderCreated.of('A'), { tenant: 'a' });
    await host.webhooks.publish(OrderCreated.of('B'), { tenant: 'b' });
    await host.webhooks.publish(OrderCreated.of('C'), { tenant: 'c' });

    expect(await stage.arrivedOrders(host, '/a')).toEqual(['A']);
    expect(await stage.arrivedOrders(host, '/b')).toEqual(['B']);
  });

  it('all get what is published for ALL_TENANTS', async () => {
    const host = await stage.host();
    await subscribeBoth(host);

    await host.webhooks.publish(OrderCreated.of('A'), { tenant: ALL_TENANTS });

    expect(await stage.arrivedOrders(host, '/a')).toEqual(['A']);
    expect(await stage.arrivedOrders(host, '/b')).toEqual(['A']);
    expect(await host.count('deliveries', `tenant = 'a'`)).toBe(1);
    expect(await host.count('deliveries', `tenant = 'b'`)).toBe(1);
  });

  it('come from the event when its class says so', async () => {
    const host = await stage.host({ events: [...EVENTS, AgencyOrderCreated] });
    await subscribeBoth(host);

    await host.webhooks.publish(AgencyOrderCreated.of('b', 'B'));

    expect(await stage.arrivedOrders(host, '/b')).toEqual(['B']);
    expect(stage.receiver.requestsTo('/a')).toHaveLength(0);
  });

  it('must be named as soon as one subscription has one, even the moment before', async () => {
    const host = await stage.host();
    await host.webhooks.publish(OrderCreated.of('A'));

    await stage.subscribe(host, { tenant: 'a' });
    const publish = host.webhooks.publish(OrderCreated.of('B'));

    await expect(publish).rejects.toMatchObject({
      code: 'TENANT_REQUIRED',
      message: expect.stringContaining('ALL_TENANTS') as unknown,
    });
    expect(await host.count('events')).toBe(1);
  });

  it('must still be named after a restart, and while that subscription is disabled', async () => {
    const first = await stage.host();
    const { id } = await stage.subscribe(first, { tenant: 'a' });
    await first.subscriptions.disable(id);
    await first.close();
    const host = await stage.host();

    const publish = host.webhooks.publish(OrderCreated.of('A'));

    await expect(publish).rejects.toMatchObject({ code: 'TENANT_REQUIRED' });
  });

  it('must be named inside a transaction, too', async () => {
    const host = await stage.host();
    await stage.subscribe(host, { tenant: 'a' });

    const work = host.webhooks.transaction(() => host.webhooks.publish(OrderCreated.of('A')));

    await expect(work).rejects.toMatchObject({ code: 'TENANT_REQUIRED' });
  });

  it('need not be named once the last subscription that has one is deleted', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    const { id } = await stage.subscribe(host, { tenant: 'a' });

    await host.subscriptions.delete(id);
    await host.webhooks.drain();
    await host.webhooks.publish(OrderCreated.of('A'));

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it('are no concern of an application without them', async () => {
    const host = await stage.host();
    const { tenant } = await stage.subscribe(host);

    await host.webhooks.publish(OrderCreated.of('A'));

    expect(tenant).toBe('default');
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });

  it("cannot reach another one's subscriptions through a scope", async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { tenant: 'a', uid: 'erp' });
    const scope = { tenant: 'b' };

    const attempts = [
      host.subscriptions.get(id, scope),
      host.subscriptions.getByUid('erp', scope),
      host.subscriptions.update(id, { description: 'mine now' }, scope),
      host.subscriptions.pause(id, scope),
      host.subscriptions.delete(id, scope),
    ];

    for (const attempt of attempts) {
      await expect(attempt).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
    }
    expect(await host.subscriptions.list({ tenant: 'b' })).toEqual({ items: [], next: null });
    expect(await host.subscriptions.getByUid('erp', { tenant: 'a' })).toMatchObject({
      id,
      description: null,
    });
  });

  it('may all use the same uid', async () => {
    const host = await stage.host();
    await stage.subscribe(host, { tenant: 'a', uid: 'erp' });

    await expect(stage.subscribe(host, { tenant: 'b', uid: 'erp' })).resolves.toMatchObject({ uid: 'erp' });
    await expect(stage.subscribe(host, { tenant: 'b', uid: 'erp' })).rejects.toMatchObject({
      code: 'SUBSCRIPTION_CONFLICT',
    });
  });
});
