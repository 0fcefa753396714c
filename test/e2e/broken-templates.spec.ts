import { IsInt, IsString } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCanceled, OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

/** The same event type in a later release: `order_id` became `order_code`, `pnr` is gone, `total` a text. */
@WebhookEvent('OrderCreated')
class OrderCreatedLater {
  @WebhookField({ example: 'AGW-1' })
  @IsString()
  order_code!: string;

  @WebhookField({ example: '12.00' })
  @IsString()
  total = '12.00';
}

/** A later release that took care: the old name lives on. */
@WebhookEvent('OrderCreated')
class OrderCreatedWithAlias {
  @WebhookField({ example: 'AGW-1', aliases: ['order_id'] })
  @IsString()
  order_code!: string;

  @WebhookField({ example: 12 })
  @IsInt()
  total = 12;
}

const SECRET = 'Bearer top-secret';

describeDatabases('subscriptions after the catalog has changed', (database) => {
  const stage = useStage(database);

  async function subscribeAll(
    host: Host,
  ): Promise<Record<'template' | 'fields' | 'filter' | 'fine', string>> {
    const url = (path: string): string => stage.receiver.url(path);
    const event_types = ['OrderCreated'];
    const json_body = { code: '{{order_id}}' };
    const header = { Authorization: SECRET };
    const http_request = { url: url('/template'), header, json_body };
    const { subscriptions } = host;
    const template = await subscriptions.create({ event_types, http_request });
    const fields = await subscriptions.create({ event_types, url: url('/fields'), fields: ['total', 'pnr'] });
    const filter = await subscriptions.create({
      event_types,
      url: url('/filter'),
      filter: { total: { $ne: 5 } },
    });
    const fine = await subscriptions.create({ event_types, url: url('/fine'), fields: ['total'] });
    return { template: template.id, fields: fields.id, filter: filter.id, fine: fine.id };
  }

  async function attempts(host: Host, subscription: string): Promise<unknown> {
    const rows: unknown = await host.dataSource.query(
      `SELECT d.state, a.error, a.number FROM webhooks_attempts a JOIN webhooks_deliveries d ON d.id = a.delivery_id
       WHERE d.subscription_id = '${subscription}'`,
    );
    return (rows as { number: unknown }[]).map((row) => ({ ...row, number: Number(row.number) }));
  }

  it('are listed with where they break', async () => {
    const host = await stage.host({ events: [OrderCreated, OrderCanceled] });
    const ids = await subscribeAll(host);
    const vanished = await stage.subscribe(host, { event_types: ['OrderCanceled'] });
    expect(await host.subscriptions.brokenTemplates()).toEqual([]);
    await host.close();

    const later = await stage.host({ events: [OrderCreatedLater] });
    const broken = await later.subscriptions.brokenTemplates();

    const common = { tenant: 'default', event_type: 'OrderCreated', message: expect.any(String) };
    const unknown = { ...common, code: 'TEMPLATE_UNKNOWN_FIELD' };
    expect(broken).toHaveLength(4);
    expect(Object.fromEntries(broken.map((each) => [each.subscription_id, each]))).toEqual({
      [ids.template]: expect.objectContaining({ ...unknown, path: 'json_body.code' }) as unknown,
      [ids.fields]: expect.objectContaining({ ...unknown, path: 'fields[1]' }) as unknown,
      [ids.filter]: {
        ...common,
        subscription_id: ids.filter,
        code: 'FILTER_TYPE_MISMATCH',
        path: 'filter.total.$ne',
      },
      [vanished.id]: expect.objectContaining({
        event_type: 'OrderCanceled',
        code: 'UNKNOWN_EVENT_TYPE',
        path: 'event_types[0]',
      }) as unknown,
    });
  });

  it('are logged at boot, one line each, without a secret', async () => {
    const host = await stage.host({ events: [OrderCreated, OrderCanceled] });
    const ids = await subscribeAll(host);
    await host.close();

    const later = await stage.host({ events: [OrderCreatedLater, OrderCanceled] });
    await later.subscriptions.brokenTemplates();

    const lines = later.logger.of('error');
    const line = (id: string): string[] => lines.filter((each) => each.includes(id));
    expect(line(ids.template)).toEqual([
      expect.stringContaining('cannot be sent for OrderCreated: TEMPLATE_UNKNOWN_FIELD at json_body.code'),
    ]);
    expect(line(ids.fields)).toEqual([expect.stringContaining('TEMPLATE_UNKNOWN_FIELD at fields[1]')]);
    expect(line(ids.filter)).toEqual([expect.stringContaining('FILTER_TYPE_MISMATCH at filter.total.$ne')]);
    expect(line(ids.fine)).toEqual([]);
    expect(later.logger.lines.join('\n')).not.toContain('top-secret');
    expect(host.logger.of('error')).toEqual([]);
  });

  it('fail with the same code at send time, and send nothing', async () => {
    const host = await stage.host({ events: [OrderCreated] });
    const ids = await subscribeAll(host);
    await host.close();

    const later = await stage.host({ events: [OrderCreatedLater] });
    await later.webhooks.publish(Object.assign(new OrderCreatedLater(), { order_code: 'A' }));
    await later.webhooks.drain();

    const unknown = { state: 'failed', error: 'TEMPLATE_UNKNOWN_FIELD', number: 1 };
    expect(await attempts(later, ids.template)).toEqual([unknown]);
    expect(await attempts(later, ids.fields)).toEqual([unknown]);
    expect(await attempts(later, ids.filter)).toEqual([{ ...unknown, error: 'FILTER_TYPE_MISMATCH' }]);
    expect(await attempts(later, ids.fine)).toEqual([{ state: 'succeeded', error: null, number: 1 }]);
    expect(stage.receiver.requests.map(({ path }) => path)).toEqual(['/fine']);
  });

  it('say so for what was on its way when its event type disappeared', async () => {
    stage.receiver.answer('/hook', { status: 500 });
    const host = await stage.host({ events: [OrderCreated, OrderCanceled] });
    const { id } = await stage.subscribe(host, { event_types: ['OrderCanceled'], filter: { total: 1 } });
    await host.webhooks.publish(OrderCanceled.of('A'));
    await host.webhooks.drain();
    await host.close();

    const later = await stage.host({ events: [OrderCreated], clock: host.clock });
    later.clock.advance(7_000);
    await later.webhooks.drain();

    expect(await attempts(later, id)).toContainEqual(
      expect.objectContaining({ error: 'UNKNOWN_EVENT_TYPE', number: 2 }),
    );
    expect(stage.receiver.requests).toHaveLength(1);
  });

  it('send nothing unjudged when the event type comes back', async () => {
    const events = [OrderCreated, OrderCanceled];
    const host = await stage.host({ events, webhooks: { dispatch: false } });
    const { id } = await stage.subscribe(host, { event_types: ['OrderCanceled'], filter: { total: 5 } });
    for (const total of [1, 5]) await host.webhooks.publish(OrderCanceled.of('A', total));
    await host.close();

    const without = await stage.host({ events: [OrderCreated], clock: host.clock });
    await without.webhooks.drain();
    const unknown = { state: 'pending', error: 'UNKNOWN_EVENT_TYPE', number: 1 };
    expect(await attempts(without, id)).toEqual([unknown, unknown]);
    await without.close();

    const back = await stage.host({ events, clock: host.clock });
    back.clock.advance(7_000);
    await back.webhooks.drain();
    const bodies = stage.receiver.requests.map(({ body }) => JSON.parse(body) as { data: { total: number } });
    expect(bodies.map(({ data }) => data.total)).toEqual([5]);
    expect(await back.count('deliveries', `state = 'canceled' AND last_error = 'FILTER_REJECTED'`)).toBe(1);
  });

  it('go on when the old name became an alias', async () => {
    const host = await stage.host({ events: [OrderCreated] });
    const json_body = { code: '{{order_id}}' };
    await stage.subscribe(host, { http_request: { url: stage.receiver.url('/template'), json_body } });
    await stage.subscribe(host, { fields: ['order_id'], filter: { order_id: { $startsWith: 'A' } } });
    await host.close();

    const later = await stage.host({ events: [OrderCreatedWithAlias] });
    expect(await later.subscriptions.brokenTemplates()).toEqual([]);
    for (const order_code of ['A1', 'B1']) {
      await later.webhooks.publish(Object.assign(new OrderCreatedWithAlias(), { order_code }));
    }
    await later.webhooks.drain();

    const templates = stage.receiver.requestsTo('/template').map(({ body }) => body);
    expect(templates.sort()).toEqual(['{"code":"A1"}', '{"code":"B1"}']);
    const [hook, ...more] = stage.receiver.requestsTo('/hook');
    expect(JSON.parse(hook!.body)).toMatchObject({ data: { order_code: 'A1' } });
    expect(more).toEqual([]);
  });

  it('are mended by an update', async () => {
    const host = await stage.host({ events: [OrderCreated] });
    const ids = await subscribeAll(host);
    await host.close();

    const later = await stage.host({ events: [OrderCreatedLater] });
    await later.subscriptions.update(ids.filter, { filter: { total: { $ne: '5' } } });
    await later.subscriptions.update(ids.fields, { fields: null });
    await later.subscriptions.delete(ids.template);

    expect(await later.subscriptions.brokenTemplates()).toEqual([]);
  });
});
