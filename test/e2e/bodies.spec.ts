import type { SubscriptionInput } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

type Request = NonNullable<SubscriptionInput['http_request']>;

const XML = '<order id="{{ order_id | escape }}"><pnr>{{ pnr | escape }}</pnr></order>';

describeDatabases('the body of a request', (database) => {
  const stage = useStage(database);

  function toHook(request: Request): SubscriptionInput {
    return { event_types: ['OrderCreated'], http_request: { url: stage.receiver.url('/hook'), ...request } };
  }

  it.each<[string, Request, { type: string | undefined; body: string; method?: string }]>([
    [
      'a form',
      { form_body: { order: '{{order_id}}', note: 'a & b = ü', total: '{{total}}' } },
      { type: 'application/x-www-form-urlencoded', body: 'order=A%26B&note=a+%26+b+%3D+%C3%BC&total=3' },
    ],
    [
      'XML',
      { raw_body: XML, content_type: 'text/xml; charset=utf-8' },
      { type: 'text/xml; charset=utf-8', body: '<order id="A&amp;B"><pnr></pnr></order>' },
    ],
    [
      'a form under a type of the subscriber’s own',
      {
        form_body: { a: '1' },
        header: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
      },
      { type: 'application/x-www-form-urlencoded; charset=utf-8', body: 'a=1' },
    ],
    [
      'JSON with PUT',
      { method: 'PUT', json_body: { total: '{{total}}' } },
      { method: 'PUT', type: 'application/json', body: '{"total":3}' },
    ],
    ['nothing with GET', { method: 'GET' }, { method: 'GET', type: undefined, body: '' }],
    ['nothing with DELETE', { method: 'DELETE' }, { method: 'DELETE', type: undefined, body: '' }],
  ])('is %s, with its content type, in every attempt', async (_name, request, expected) => {
    stage.receiver.answer('/hook', 500, 204);
    const host = await stage.host();
    await stage.subscribe(host, toHook(request));
    await host.webhooks.publish(OrderCreated.of('A&B', 3));
    await host.webhooks.drain();
    host.clock.advance(7_000);
    await host.webhooks.drain();

    const { type, body, method = 'POST' } = expected;
    const arrived = stage.receiver.requests.map((each) => ({
      method: each.method,
      type: each.headers['content-type'],
      body: each.body,
    }));
    expect(arrived).toEqual([
      { method, type, body },
      { method, type, body },
    ]);
    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 2`)).toBe(1);
  });

  it.each([
    ['is empty', '{{pnr}}', null, ''],
    ['holds NUL, which PostgreSQL cannot store', 'a{{pnr}}b', '\0', 'a\0b'],
    ['looks like a sealed one', 'sealed:v1.{{pnr}}', 'x', 'sealed:v1.x'],
  ])('that %s is kept as well: the retry sends the same', async (_name, raw_body, pnr, expected) => {
    stage.receiver.answer('/hook', 500, 204);
    const host = await stage.host();
    const { id } = await stage.subscribe(host, toHook({ raw_body }));
    await host.webhooks.publish(Object.assign(OrderCreated.of('A'), { pnr }));
    await host.webhooks.drain();
    await host.subscriptions.update(id, toHook({ raw_body: 'changed' }));
    host.clock.advance(7_000);
    await host.webhooks.drain();

    expect(stage.receiver.requests.map(({ body }) => body)).toEqual([expected, expected]);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(1);
  });

  it('is the same for all subscriptions with the same template, and each signs it with its own secret', async () => {
    const host = await stage.host();
    const json_body = { order: '{{order_id}}', text: '{{ pnr | default: "none" }}' };
    for (const path of ['/a', '/b', '/c'])
      await stage.subscribe(host, toHook({ url: stage.receiver.url(path), json_body }));
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    const { requests } = stage.receiver;
    expect(requests.map(({ path }) => path).sort()).toEqual(['/a', '/b', '/c']);
    expect(new Set(requests.map(({ body }) => body))).toEqual(new Set(['{"order":"A","text":"none"}']));
    expect(new Set(requests.map(({ headers }) => headers['webhook-signature'])).size).toBe(3);
  });

  it('that cannot be rendered for the sample of an event type is refused when saved', async () => {
    const host = await stage.host();
    const loop = '{% for a in (1..999) %}{% for b in (1..999) %}{{a}}{% endfor %}{% endfor %}';
    await expect(stage.subscribe(host, toHook({ raw_body: loop }))).rejects.toMatchObject({
      code: 'TEMPLATE_RENDER_LIMIT',
      path: 'raw_body',
    });
    const { id } = await stage.subscribe(host, toHook({ raw_body: 'fine' }));
    await expect(host.subscriptions.update(id, toHook({ raw_body: loop }))).rejects.toThrow(
      'sample of OrderCreated',
    );
    expect((await host.subscriptions.get(id)).http_request).toMatchObject({ raw_body: 'fine' });
  });
});
