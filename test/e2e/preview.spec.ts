import { IsDate, IsString, ValidateNested } from 'class-validator';
import type { PreviewInput, PreviewResult, SubscriptionInput } from 'nestjs-webhooks';
import { RateLimitedError, TrialsService, WebhookEvent, WebhookField } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { EVENTS, OrderCreated } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';
import { StillClock } from '../support/still-clock.js';

const TOKEN = 'b34r3r-t0ken';
const SECRETS = { template_secrets: { API_KEY: 'k3y-4711', OFFICE: '0ff1ce' } };
const TABLES = ['subscriptions', 'events', 'deliveries', 'attempts', 'rates', 'sequences'];

class Passenger {
  @WebhookField({ example: 'GARCIA' })
  @IsString()
  surname!: string;

  @WebhookField({ example: new Date('1984-05-06T00:00:00Z') })
  @IsDate()
  born!: Date;
}

@WebhookEvent('PassengerAdded', { aliases: ['passenger.added'] })
class PassengerAdded {
  @WebhookField({ type: () => Passenger })
  @ValidateNested({ each: true })
  passengers!: Passenger[];
}

async function previewed(host: Host, input: PreviewInput): Promise<PreviewResult> {
  const { results } = await host.get(TrialsService).preview(input);
  expect(results).toHaveLength(1);
  return results[0]!;
}

describeDatabases('a preview', (database) => {
  const stage = useStage(database);

  const to = (path: string, request: object = {}): SubscriptionInput => ({
    event_types: ['OrderCreated'],
    http_request: { url: stage.receiver.url(path), ...request },
  });

  /** Publishes an event to a subscription and previews the same for what came of it. */
  async function sentAndPreviewed(input: SubscriptionInput) {
    // The request's timestamp is the moment of the attempt.
    const host = await stage.host({ clock: new StillClock() });
    const { id } = await stage.subscribe(host, input);
    await stage.subscribe(host, to('/archive'));
    await host.webhooks.publish(OrderCreated.of('AGW / 1', 12));
    await host.webhooks.drain();
    const [archived] = stage.receiver.requestsTo('/archive');
    const [sent] = stage.receiver.requests.filter((request) => request !== archived);
    const [attempt] = (await host.dataSource.query(
      `SELECT a.request FROM webhooks_attempts a JOIN webhooks_deliveries d ON d.id = a.delivery_id
       WHERE d.subscription_id = '${id}'`,
    )) as [{ request: string }];
    const data = dataOf(archived!);
    return { sent: sent!, record: attempt.request, preview: await previewed(host, { ...input, data }) };
  }

  describe('is byte by byte what a delivery sends and records', () => {
    it.each<[string, () => SubscriptionInput]>([
      ['the standard envelope', () => to('/hook')],
      ['chosen fields', () => ({ ...to('/hook'), fields: ['total'] })],
      ['a JSON body', () => to('/hook', { json_body: { id: '{{order_id}}', sum: '{{total | times: 2}}' } })],
      [
        'a form',
        () => to('/hook', { form_body: { order: '{{order_id}}' }, header: { 'X-Sum': '{{total}}' } }),
      ],
      ['a text', () => to('/hook', { raw_body: '<a>{{order_id}}</a>', content_type: 'text/xml' })],
      ['a GET', () => to('/hook/{{order_id}}?total={{total}}', { method: 'GET' })],
      [
        'Basic',
        () => ({ ...to('/hook'), authentication: { type: 'basic', username: 'a', password: TOKEN } }),
      ],
      ['Bearer', () => ({ ...to('/hook'), authentication: { type: 'bearer', token: TOKEN } })],
      [
        'a login header',
        () => ({ ...to('/hook'), authentication: { type: 'header', name: 'X-A', value: TOKEN } }),
      ],
      [
        'secrets',
        () => ({
          ...to('/{{secrets.OFFICE}}', { header: { 'X-Key': 'a {{secrets.API_KEY}}' } }),
          ...SECRETS,
        }),
      ],
      ['both signatures', () => ({ ...to('/hook'), signatures: ['v1', 'v1a'] })],
    ])('for %s', async (_name, input) => {
      const { sent, record, preview } = await sentAndPreviewed(input());

      const { body, ...request } = preview.request!;
      expect(JSON.stringify(request)).toBe(record);
      expect(body ?? '').toBe(sent.body);
      expect(request.method).toBe(sent.method);
      const shown = Object.entries(request.headers).filter(([, value]) => !value.includes('********'));
      expect(sent.headers).toMatchObject(Object.fromEntries(shown));
      for (const name of Object.keys(request.headers)) expect(sent.headers).toHaveProperty(name);
    });

    it('but for secrets in the body, which it masks', async () => {
      const json_body = { key: '{{secrets.API_KEY}}', order: '{{order_id}}' };
      const { sent, preview } = await sentAndPreviewed({ ...to('/hook', { json_body }), ...SECRETS });

      expect(sent.body).toBe('{"key":"k3y-4711","order":"AGW / 1"}');
      expect(preview.request!.body).toBe('{"key":"********","order":"AGW / 1"}');
    });
  });

  it('shows the sample for every event type that is asked for, and stores and sends nothing', async () => {
    const host = await stage.host();
    const { results, not_tried } = await host
      .get(TrialsService)
      .preview({ http_request: { url: stage.receiver.url('/hook') } });

    expect(results.map(({ event_type }) => event_type)).toEqual(EVENTS.map(({ name }) => name));
    expect(not_tried).toEqual([]);
    for (const { request, error } of results) {
      expect(error).toBeNull();
      expect(request!.headers).toMatchObject({ 'user-agent': 'nestjs-webhooks', 'webhook-attempt': '1' });
      expect(request!.headers).not.toHaveProperty('webhook-test');
    }
    expect(JSON.parse(results[0]!.request!.body!)).toMatchObject({
      type: 'OrderCreated',
      data: { order_id: 'AGW-1', sequence: 1 },
    });
    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(0);
    for (const table of TABLES) expect(await host.count(table)).toBe(0);
  });

  it('shows no secret, and says whether the filter lets the event pass', async () => {
    const host = await stage.host();
    const input: PreviewInput = {
      ...to('/hook?token=t0k3n', {
        header: { Authorization: 'Bearer l1teral' },
        json_body: '{{secrets.API_KEY | upcase}}',
      }),
      ...SECRETS,
      filter: { total: { $gt: 100 } },
    };

    const small = await previewed(host, input);
    const large = await previewed(host, { ...input, data: { order_id: 'A', total: 101, pnr: null } });

    expect([small.passes_filter, large.passes_filter]).toEqual([false, true]);
    expect(small.request!.url).toBe(stage.receiver.url('/hook?token=********'));
    expect(small.request!.body).toBe('"********"');
    expect(JSON.stringify([small, large])).not.toMatch(/k3y-4711|K3Y-4711|0ff1ce|t0k3n|l1teral|whsec_/);
  });

  it.each<[string, object, object]>([
    [
      'a field that nobody has',
      { json_body: { pnr: '{{prn}}' } },
      { code: 'TEMPLATE_UNKNOWN_FIELD', path: 'json_body.pnr', suggestion: 'pnr' },
    ],
    ['an open brace', { raw_body: '{{ total' }, { code: 'TEMPLATE_SYNTAX', path: 'raw_body' }],
    ['a forbidden tag', { raw_body: '{% include "a" %}' }, { code: 'TEMPLATE_TAG_NOT_ALLOWED' }],
    [
      'a placeholder in the host',
      { url: 'https://{{pnr}}.example/' },
      { code: 'URL_PLACEHOLDER_IN_AUTHORITY' },
    ],
    ['a reserved header', { header: { 'Webhook-Id': 'x' } }, { code: 'HEADER_NAME_RESERVED' }],
    [
      'two lines in a header',
      { header: { 'X-A': '{{order_id}}' } },
      { code: 'HEADER_VALUE_INVALID', path: 'header.X-A' },
    ],
    ['null in a path', { url: 'https://a.example/{{pnr}}' }, { code: 'URL_NULL_SEGMENT', path: 'url' }],
  ])('tells of %s where the request would stand', async (_name, request, error) => {
    const host = await stage.host();
    const data = { order_id: 'two\nlines', total: 1, pnr: null };

    const result = await previewed(host, { ...to('/hook', request), data });

    expect(result).toMatchObject({ event_type: 'OrderCreated', request: null, passes_filter: null, error });
    expect(result.error!.message).toEqual(expect.stringContaining(result.error!.path));
  });

  it('tells of a filter that does not fit, and of one event type among several', async () => {
    const host = await stage.host();
    const input = {
      ...to('/hook', { json_body: '{{airline}}' }),
      event_types: ['AirlineStatusChanged', 'OrderCreated'],
    };
    const { results } = await host.get(TrialsService).preview(input);
    const filtered = await previewed(host, { ...to('/hook'), filter: { total: { $gt: 'many' } } });

    expect(results.map(({ request, error }) => request?.body ?? error!.code)).toEqual([
      '"IB"',
      'TEMPLATE_UNKNOWN_FIELD',
    ]);
    expect(filtered.error).toMatchObject({ code: 'FILTER_TYPE_MISMATCH', path: 'filter.total.$gt' });
  });

  it.each<[string, object, object]>([
    ['an unknown member', { urll: 'https://a.example' }, { code: 'SUBSCRIPTION_INVALID', path: 'urll' }],
    [
      'an unknown event type',
      { event_types: ['OrderCreate'] },
      { code: 'UNKNOWN_EVENT_TYPE', path: 'event_types[0]', suggestion: 'OrderCreated' },
    ],
    [
      'an inside address',
      { http_request: { url: 'http://10.0.0.1/' } },
      { code: 'SUBSCRIPTION_INVALID', path: 'http_request.url' },
    ],
    [
      'a mask of nothing',
      { template_secrets: { A: '********' } },
      { code: 'SUBSCRIPTION_INVALID', path: 'template_secrets.A' },
    ],
    [
      'another event type',
      { event_type: 'OrderCanceled' },
      { code: 'SUBSCRIPTION_INVALID', path: 'event_type' },
    ],
    ['a number for one', { event_type: 5 }, { code: 'SUBSCRIPTION_INVALID', path: 'event_type' }],
    [
      'data of one of several',
      { event_types: ['Order*'], data: {} },
      { code: 'SUBSCRIPTION_INVALID', path: 'event_type' },
    ],
    ['data that are a list', { data: [1] }, { code: 'EVENT_INVALID', issues: [{ path: '' }] }],
    ['data in a circle', { data: circle() }, { code: 'EVENT_INVALID', issues: [{ path: '' }] }],
    [
      'data that are too deep',
      { data: { a: nested(40) } },
      { code: 'EVENT_INVALID', issues: [{ path: '' }] },
    ],
    [
      'data of too many parts',
      { data: { a: Array(1_000).fill({}) } },
      { code: 'EVENT_INVALID', issues: [{ path: '' }] },
    ],
    ['data that are too large', { data: { order_id: 'x'.repeat(300_000) } }, { code: 'EVENT_TOO_LARGE' }],
    [
      'data that are not valid',
      { data: { order_id: 1, total: 1.5 } },
      { code: 'EVENT_INVALID', issues: [{ path: 'order_id' }, { path: 'total' }, { path: 'pnr' }] },
    ],
    [
      'an envelope that cannot be',
      { data: { event_id: 'a\nb', occurred_at: 'today', sequence: '1' } },
      {
        code: 'EVENT_INVALID',
        issues: [{ path: 'event_id' }, { path: 'occurred_at' }, { path: 'sequence' }],
      },
    ],
  ])('refuses %s', async (_name, input, error) => {
    const host = await stage.host();
    const preview = host.get(TrialsService).preview({ ...to('/hook'), ...input } as PreviewInput);
    await expect(preview).rejects.toMatchObject(error);
  });

  it('judges dates and nested objects of given data as JSON has them', async () => {
    const host = await stage.host({ events: [PassengerAdded] });
    const preview = (passenger: object): Promise<PreviewResult> =>
      previewed(host, {
        url: stage.receiver.url('/hook'),
        event_type: 'passenger.added',
        data: { passengers: [passenger], extra: '__proto__' },
      });

    const { request } = await preview({ surname: 'NG', born: '1990-01-02T03:04:05.000Z' });
    expect(JSON.parse(request!.body!)).toMatchObject({
      data: {
        event_type: 'PassengerAdded',
        passengers: [{ surname: 'NG', born: '1990-01-02T03:04:05.000Z' }],
        extra: '__proto__',
      },
    });
    await expect(preview({ surname: 'NG', born: 'in May' })).rejects.toMatchObject({
      issues: [{ path: 'passengers[0].born' }],
    });
    await expect(preview({ born: '1990-01-02T03:04:05.000Z' })).rejects.toMatchObject({
      issues: [{ path: 'passengers[0].surname' }],
    });
  });

  it('keeps to the data as they were given, whatever names they have', async () => {
    const host = await stage.host();
    const data = JSON.parse(
      '{"__proto__":{"order_id":"B"},"constructor":1,"order_id":"A","total":1,"pnr":null}',
    ) as Record<string, unknown>;

    const { request } = await previewed(host, { ...to('/hook'), data });

    expect(request!.body).toContain('"__proto__":{"order_id":"B"},"constructor":1,"order_id":"A"');
  });

  it('stops at event types for which there is no time', async () => {
    const events = Array.from({ length: 12 }, (_, number) => slowEvent(`Slow${number}`));
    const host = await stage.host({ events });
    const loop = '{% for a in (1..999) %}{% for b in (1..999) %}{{a}}{% endfor %}{% endfor %}';
    const { results, not_tried } = await host
      .get(TrialsService)
      .preview({ http_request: { url: stage.receiver.url('/hook'), raw_body: loop } });

    expect(new Set(results.map(({ error }) => error!.code))).toEqual(new Set(['TEMPLATE_RENDER_LIMIT']));
    expect(not_tried.length).toBeGreaterThan(0);
    expect([...results.map(({ event_type }) => event_type), ...not_tried]).toEqual(
      events.map(({ name }) => name),
    );
  });

  it('is made so many times a minute for each tenant', async () => {
    const host = await stage.host({ webhooks: { limits: { previewsPerMinute: 2 } } });
    const trials = host.get(TrialsService);
    const input = to('/hook');
    for (const path of ['/one', '/two']) await trials.preview({ ...to(path), tenant: 'a' });

    const refusal = await trials.preview({ ...input, tenant: 'a' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RateLimitedError);
    expect(refusal).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('limits.previewsPerMinute') as string,
    });
    expect((refusal as RateLimitedError).retryAfterSeconds).toBeLessThanOrEqual(60);
    await expect(trials.preview({ ...input, tenant: 'b' })).resolves.toBeDefined();
    host.clock.advance(60_000);
    await expect(trials.preview({ ...input, tenant: 'a' })).resolves.toBeDefined();
  });
});

function circle(): object {
  const data: Record<string, unknown> = {};
  data['self'] = data;
  return data;
}

function nested(depth: number): unknown {
  return depth === 0 ? 'deep' : [nested(depth - 1)];
}

function slowEvent(name: string) {
  const slow = { [name]: class {} }[name]!;
  IsString()(slow.prototype, 'text');
  WebhookField({ example: 'a' })(slow.prototype, 'text');
  WebhookEvent(name)(slow);
  return slow;
}
