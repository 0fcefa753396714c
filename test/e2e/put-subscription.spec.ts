import { verify } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const LOGIN = 'Bearer top-secret';

describeDatabases('putting a subscription under a key of its tenant', (database) => {
  const stage = useStage(database);

  const withLogin = (path = '/hook') => ({
    event_types: ['OrderCreated'],
    http_request: {
      url: stage.receiver.url(path),
      header: { Authorization: LOGIN },
      json_body: { id: '{{order_id}}' },
    },
  });

  async function publishOne(host: Host): Promise<void> {
    await host.webhooks.publish(OrderCreated.of('A'), { tenant: 'nube' });
    await host.webhooks.drain();
  }

  it('creates what is not there, and tells its signing secret this once', async () => {
    const { subscriptions } = await stage.host();
    const put = await subscriptions.put('erp', { ...withLogin(), tenant: 'nube' });
    expect(put).toMatchObject({ uid: 'erp', tenant: 'nube', version: 1, secret: expect.any(String) });
    expect(await subscriptions.getByUid('erp', { tenant: 'nube' })).toMatchObject({ id: put.id });
  });

  it('replaces all of what is there but its id, its state and its signing secrets', async () => {
    const host = await stage.host();
    const whole = {
      ...withLogin('/old'),
      description: 'old',
      metadata: { a: '1' },
      limits: { concurrency: 2 },
    };
    const { secret, ...first } = await host.subscriptions.create({ ...whole, tenant: 'nube', uid: 'erp' });
    await host.subscriptions.pause(first.id);

    const put = await host.subscriptions.put('erp', { url: stage.receiver.url('/new'), tenant: 'nube' });

    expect(put).not.toHaveProperty('secret');
    expect(put).toMatchObject({
      ...{ id: first.id, state: 'paused', secrets: first.secrets, event_types: ['*'] },
      ...{ http_request: { url: stage.receiver.url('/new') }, description: null, metadata: {} },
    });
    expect(put.limits).not.toEqual(first.limits);
    await publishOne(host);
    await host.subscriptions.resume(put.id);
    const [request] = await stage.receiver.waitFor(1);
    expect(request).toMatchObject({
      path: '/new',
      headers: expect.not.objectContaining({ authorization: LOGIN }),
    });
    expect(verify(request!, secret)).toBeNull();
  });

  it('keeps a masked header of the same origin, so that what is shown may be sent back', async () => {
    const host = await stage.host();
    await host.subscriptions.put('erp', { ...withLogin(), tenant: 'nube' });
    const { http_request } = await host.subscriptions.getByUid('erp', { tenant: 'nube' });
    expect(http_request.header).toEqual({ Authorization: '********' });
    await host.subscriptions.put('erp', { ...withLogin(), http_request, tenant: 'nube' });
    await publishOne(host);
    expect(stage.receiver.requests[0]).toMatchObject({
      headers: { authorization: LOGIN },
      body: '{"id":"A"}',
    });
  });

  it('by several processes at the same time makes one, and refuses nobody', async () => {
    const hosts = [await stage.host(), await stage.host()];
    const urls = Array.from({ length: 6 }, (_, n) => stage.receiver.url(`/${n}`));
    const put = await Promise.all(urls.map((url, n) => hosts[n % 2]!.subscriptions.put('erp', { url })));
    expect(new Set(put.map(({ id }) => id)).size).toBe(1);
    expect(put.filter((view) => 'secret' in view)).toHaveLength(1);
    expect((await hosts[0]!.subscriptions.list()).items).toHaveLength(1);
  });

  it('refuses what creating refuses, and changes nothing then', async () => {
    const { subscriptions } = await stage.host();
    const { version } = await subscriptions.put('erp', withLogin());
    const misspelt = { http_request: { ...withLogin().http_request, json_body: '{{ordr_id}}' } };
    await expect(subscriptions.put('erp', { ...withLogin(), ...misspelt })).rejects.toMatchObject({
      code: 'TEMPLATE_UNKNOWN_FIELD',
      path: 'json_body',
    });
    await expect(subscriptions.put('erp', {})).rejects.toMatchObject({ code: 'SUBSCRIPTION_INVALID' });
    expect(await subscriptions.getByUid('erp')).toMatchObject({ version });
  });
});
