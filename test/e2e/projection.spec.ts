import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

const ENVELOPE = ['event_id', 'event_type', 'occurred_at', 'sequence', 'catalog_version'];

describeDatabases('a projection', (database) => {
  const stage = useStage(database);

  function bodies(): string[] {
    return stage.receiver.requests.map(({ body }) => body);
  }

  it('sends the envelope fields and those it names, in the event’s own order, signed', async () => {
    const host = await stage.host();
    await stage.subscribe(host, { event_types: ['OrderCreated'], fields: ['pnr', 'orderId'] });
    await host.webhooks.publish(OrderCreated.of('A', 3));
    await host.webhooks.drain();

    const [request] = stage.receiver.requests;
    const data = dataOf(request!);
    expect(Object.keys(data)).toEqual([...ENVELOPE, 'order_id', 'pnr']);
    expect(data).toMatchObject({ order_id: 'A', pnr: null, sequence: 1 });
    expect(Object.keys(JSON.parse(request!.body) as object)).toEqual(['type', 'timestamp', 'data']);
    expect(request!.headers['content-type']).toBe('application/json');
  });

  it('of nothing sends the envelope fields alone', async () => {
    const host = await stage.host();
    await stage.subscribe(host, { fields: [] });
    await host.webhooks.publish(OrderCreated.of('A', 3));
    await host.webhooks.drain();

    expect(Object.keys(dataOf(stage.receiver.requests[0]!))).toEqual(ENVELOPE);
  });

  it('leaves the bodies of the others as they are', async () => {
    const host = await stage.host();
    await stage.subscribe(host, { url: stage.receiver.url('/small'), fields: ['event_id'] });
    await stage.subscribe(host, { url: stage.receiver.url('/whole') });
    await host.webhooks.publish(OrderCreated.of('A', 3));
    await host.webhooks.drain();

    const [small] = stage.receiver.requestsTo('/small');
    const [whole] = stage.receiver.requestsTo('/whole');
    expect(dataOf(small!)).not.toHaveProperty('total');
    expect(dataOf(whole!)).toMatchObject({ ...dataOf(small!), order_id: 'A', total: 3, pnr: null });
  });

  it('is frozen at the first attempt: a retry sends the same bytes after the fields were changed', async () => {
    stage.receiver.answer('/hook', { status: 500 }, { status: 500 }, { status: 204 });
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { event_types: ['OrderCreated'], fields: ['total'] });
    await host.webhooks.publish(OrderCreated.of('A', 3));
    await host.webhooks.drain();

    await host.subscriptions.update(id, { fields: ['pnr'] });
    host.clock.advance(7_000);
    await host.webhooks.drain();
    await host.subscriptions.update(id, { fields: null });
    host.clock.advance(400_000);
    await host.webhooks.drain();

    expect(bodies()).toHaveLength(3);
    expect(new Set(bodies()).size).toBe(1);
    expect(dataOf(stage.receiver.requests[0]!)).toMatchObject({ total: 3 });
    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 3`)).toBe(1);
  });

  it('that comes after the first attempt leaves the whole body as it was', async () => {
    stage.receiver.answer('/hook', { status: 500 }, { status: 204 });
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { event_types: ['OrderCreated'] });
    await host.webhooks.publish(OrderCreated.of('A', 3));
    await host.webhooks.drain();

    await host.subscriptions.update(id, { fields: ['pnr'] });
    host.clock.advance(7_000);
    await host.webhooks.drain();

    expect(bodies()).toHaveLength(2);
    expect(new Set(bodies()).size).toBe(1);
    expect(dataOf(stage.receiver.requests[1]!)).toMatchObject({ order_id: 'A', total: 3 });
  });

  it('is refused beside a body of the request’s own, also when that comes later', async () => {
    const host = await stage.host();
    const http_request = { url: stage.receiver.url('/hook'), json_body: { id: '{{event_id}}' } };
    const refused = { code: 'SUBSCRIPTION_INVALID', path: 'fields' };
    await expect(host.subscriptions.create({ http_request, fields: ['event_id'] })).rejects.toMatchObject(
      refused,
    );
    const { id } = await stage.subscribe(host, { fields: ['event_id'] });
    await expect(host.subscriptions.update(id, { http_request })).rejects.toMatchObject(refused);
    expect(await host.subscriptions.update(id, { http_request, fields: null })).toMatchObject({
      fields: null,
    });
  });
});
