import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const TOKEN = 'T0k3n-4711';

describeDatabases('a token in the query of a URL', (database) => {
  const stage = useStage(database);
  const path = `/hook?access_token=${TOKEN}&pnr={{ pnr }}&%73ig=${TOKEN}x&page=2`;
  const event_types = ['OrderCreated'];
  const shown = '/hook?access_token=********&pnr={{ pnr }}&%73ig=********&page=2';

  it('is sent, and shown and recorded as a mask', async () => {
    stage.receiver.answer('*', { status: 500, body: `no ${TOKEN}` });
    const host = await stage.host();
    const view = await stage.subscribe(host, { event_types, url: stage.receiver.url(path) });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    const [sent] = stage.receiver.requests;
    expect(sent!.path).toBe(`/hook?access_token=${TOKEN}&pnr=&%73ig=${TOKEN}x&page=2`);
    expect(view.http_request['url']).toBe(stage.receiver.url(shown));
    const tables = ['subscriptions', 'attempts'].map((table) =>
      host.dataSource.query(`SELECT * FROM webhooks_${table}`),
    );
    const rows = JSON.stringify(await Promise.all(tables));
    expect(rows).toContain('access_token=********&pnr=&%73ig=********&page=2');
    expect(rows).not.toContain(TOKEN);
  });

  it('stays when the masked URL is sent back with another path, and does not follow to another origin', async () => {
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { event_types, url: stage.receiver.url(path) });
    const moved = shown.replace('/hook', '/moved');
    await host.subscriptions.update(id, { url: stage.receiver.url(moved) });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    expect(stage.receiver.requests.at(-1)!.path).toContain(`/moved?access_token=${TOKEN}`);

    const refused = { code: 'SUBSCRIPTION_INVALID', path: 'http_request.url' };
    const elsewhere = `https://elsewhere.example${shown}`;
    await expect(host.subscriptions.update(id, { url: elsewhere })).rejects.toMatchObject(refused);
    const unknown = stage.receiver.url('/hook?api_key=********');
    await expect(host.subscriptions.update(id, { url: unknown })).rejects.toMatchObject(refused);
    await expect(host.subscriptions.create({ url: unknown })).rejects.toMatchObject(refused);
  });

  it('is no token when it is nothing but a placeholder', async () => {
    const host = await stage.host();
    const url = stage.receiver.url('/hook?key={{ order_id }}');
    expect((await stage.subscribe(host, { event_types, url })).http_request['url']).toBe(url);
  });
});
