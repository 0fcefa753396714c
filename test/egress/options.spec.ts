import { DeliveriesService, EgressGuard } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import { LOOPBACK } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

describeDatabases('the option', (database) => {
  const stage = useStage(database);

  it.each([
    ['egress.allow[0]', { allow: ['10.0.0.0/40'] }],
    ['egress.deny[1]', { deny: ['10.0.0.0/8', 'http://a.example/'] }],
    ['egress.ports', { ports: [] }],
    ['egress.proxy.url', { proxy: { url: 'socks5://127.0.0.1:1080' } }],
  ])('%s that cannot work stops the boot, by name', async (name, egress) => {
    await expect(stage.host({ webhooks: { egress } })).rejects.toThrow(`"${name}"`);
  });

  it.each([
    ['deny', { allow: LOOPBACK, deny: ['127.0.0.0/8'] }, /not allowed/],
    ['ports', { allow: LOOPBACK, ports: [443] }, /port \d+ is not allowed/],
    ['httpsOnly', { allow: LOOPBACK, httpsOnly: true }, /only https/],
  ])('egress.%s is asked when a subscription is saved', async (_name, egress, reason) => {
    const host = await stage.host({ webhooks: { egress } });
    await expect(stage.subscribe(host)).rejects.toThrow(reason);
  });

  it('egress is replaced at run time by EgressGuard, for what is saved and for what is sent', async () => {
    const host = await stage.host();
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    expect(await stage.arrivedOrders(host)).toEqual(['A']);

    host.get(EgressGuard).replace({ deny: LOOPBACK });

    await expect(stage.subscribe(host)).rejects.toThrow(/not allowed/);
    await host.webhooks.publish(OrderCreated.of('B'));
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
    expect(await host.count('attempts', `error = 'TARGET_BLOCKED'`)).toBe(1);
  });

  it('egress tells operators why a target is not reached, and subscribers only that it is not', async () => {
    const host = await stage.host();
    await stage.subscribe(host, { tenant: 'acme' });
    const closed = await stage.subscribe(host, { tenant: 'acme', url: 'http://127.0.0.1:1024/' });
    host.get(EgressGuard).replace({ allow: LOOPBACK, ports: [1024] });
    await host.webhooks.publish(OrderCreated.of('A'), { tenant: 'acme' });
    await host.webhooks.drain();

    const deliveries = host.get(DeliveriesService);
    const rows: { id: string; subscription_id: string }[] = await host.dataSource.query(
      'SELECT id, subscription_id FROM webhooks_deliveries',
    );
    expect(rows).toHaveLength(2);
    for (const { id, subscription_id } of rows) {
      const reason = subscription_id === closed.id ? 'CONNECTION_REFUSED' : 'TARGET_BLOCKED';
      expect(await deliveries.get(id)).toMatchObject({ last_error: reason });
      expect(await deliveries.get(id, { tenant: 'acme' })).toMatchObject({ last_error: 'UNREACHABLE' });
    }
    expect(await host.count('attempts', 'detail IS NOT NULL')).toBe(2);
  });
});
