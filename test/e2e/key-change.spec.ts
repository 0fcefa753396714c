import { randomBytes } from 'node:crypto';
import type { SecretKeys } from 'nestjs-webhooks';
import { SecretsService, verify } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const newKey = (): string => randomBytes(32).toString('base64');

describeDatabases('a new key for secrets at rest', (database) => {
  const stage = useStage(database);
  const [first, second] = [newKey(), newKey()];

  const hostWith = (secrets: SecretKeys): Promise<Host> => stage.host({ webhooks: { secrets } });

  /** A subscription that keeps secrets wherever one can, and a delivery whose frozen body holds one. */
  async function prepare(): Promise<{ secret: string; body: string }> {
    stage.receiver.answer('*', 500);
    const host = await hostWith({ current: first });
    const { secret } = await stage.subscribe(host, {
      event_types: ['OrderCreated'],
      http_request: {
        url: stage.receiver.url('/hook?token=4711'),
        header: { 'X-Api-Key': 'abc-4711' },
        json_body: { pin: '{{secrets.PIN}}', at: '{{ occurred_at }}' },
      },
      template_secrets: { PIN: 'pin-4711' },
      authentication: { type: 'bearer', token: 'bearer-4711' },
      signatures: ['v1', 'v1a'],
      limits: { retry_schedule: [3_600] },
    });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    const { body } = stage.receiver.requests[0]!;
    await host.close();
    stage.receiver.clear();
    stage.receiver.answer('*', 204);
    return { secret, body };
  }

  it('takes over everything, and the old one can go', async () => {
    const { secret, body } = await prepare();
    const maintenance = await hostWith({ current: second, previous: [first] });
    const secrets = maintenance.get(SecretsService);
    expect(await secrets.reencrypt()).toEqual({ subscriptions: 1, deliveries: 1, unreadable: [] });
    expect(await secrets.reencrypt()).toEqual({ subscriptions: 0, deliveries: 0, unreadable: [] });
    await maintenance.close();

    const host = await hostWith({ current: second });
    host.clock.advance(2 * 3_600_000);
    await host.webhooks.drain();
    const [request] = stage.receiver.requests;
    expect(request).toMatchObject({ path: '/hook?token=4711', body });
    expect(request!.headers).toMatchObject({ authorization: 'Bearer bearer-4711', 'x-api-key': 'abc-4711' });
    expect(verify(request!, secret, host.clock.now())).toBeNull();
  });

  it('is read by every process before the first one writes with it', async () => {
    const { secret } = await prepare();
    const behind = await hostWith({ current: first, previous: [second] });
    const ahead = await hostWith({ current: second, previous: [first] });
    const { id } = (await ahead.subscriptions.list()).items[0]!;
    await ahead.subscriptions.update(id, { template_secrets: { PIN: 'pin-new' } });
    await ahead.get(SecretsService).reencrypt();

    expect(await behind.subscriptions.get(id)).toMatchObject({ problem: null });
    // With the first one it learns that there was a change.
    for (const order of ['B', 'C']) {
      await behind.webhooks.publish(OrderCreated.of(order));
      await behind.webhooks.drain();
    }
    const request = stage.receiver.requests.at(-1)!;
    expect(JSON.parse(request.body)).toMatchObject({ pin: 'pin-new' });
    expect(verify(request, secret, behind.clock.now())).toBeNull();
  });

  it('changes nothing that anybody sees: neither version nor time of the subscription', async () => {
    await prepare();
    const host = await hostWith({ current: second, previous: [first] });
    const before = await host.subscriptions.list();
    await host.get(SecretsService).reencrypt();
    expect(await host.subscriptions.list()).toEqual(before);
  });

  it('names what no key opens, and leaves it as it is', async () => {
    await prepare();
    const host = await hostWith({ current: second });
    const [subscription] = (await host.subscriptions.list()).items;
    const rows = (await host.dataSource.query('SELECT id FROM webhooks_deliveries')) as { id: string }[];
    const unreadable = [subscription!.id, rows[0]!.id];
    expect(await host.get(SecretsService).reencrypt()).toEqual({
      subscriptions: 0,
      deliveries: 0,
      unreadable,
    });
    await host.close();

    const again = await hostWith({ current: first });
    expect((await again.subscriptions.get(subscription!.id)).problem).toBeNull();
  });

  it('is used by every update, for all secrets of the subscription', async () => {
    await prepare();
    const host = await hostWith({ current: second, previous: [first] });
    const [subscription] = (await host.subscriptions.list()).items;
    await host.subscriptions.update(subscription!.id, { description: 'touched' });
    expect(await host.get(SecretsService).reencrypt()).toMatchObject({ subscriptions: 0, deliveries: 1 });
  });

  it('loses nothing of what others change meanwhile', async () => {
    await prepare();
    const hosts = [];
    for (let each = 0; each < 2; each++) hosts.push(await hostWith({ current: second, previous: [first] }));
    const [one, other] = hosts.map((host) => ({ host, secrets: host.get(SecretsService) }));
    const { id, secrets: before } = (await one!.host.subscriptions.list()).items[0]!;
    await Promise.all([
      one!.secrets.reencrypt(),
      other!.secrets.reencrypt(),
      one!.secrets.rotate(id),
      other!.secrets.rotate(id),
      other!.host.subscriptions.update(id, { template_secrets: { PIN: 'pin-new' } }),
    ]);
    for (const { host } of [one!, other!]) await host.close();

    const host = await hostWith({ current: second });
    const { problem, secrets } = await host.subscriptions.get(id);
    expect({ problem, secrets: secrets.length }).toEqual({ problem: null, secrets: before.length + 4 });
    await host.webhooks.publish(OrderCreated.of('B'));
    await host.webhooks.drain();
    expect(JSON.parse(stage.receiver.requests.at(-1)!.body)).toMatchObject({ pin: 'pin-new' });
  });
});
