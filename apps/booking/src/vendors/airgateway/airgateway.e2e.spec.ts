import { readFileSync } from 'node:fs';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { EventType, OutboundRequest } from 'nestjs-webhooks';
import { EventCatalog, SubscriptionsService, WebhooksService, WebhookTransport } from 'nestjs-webhooks';
import { RecordingTransport } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../../../../../test/support/databases.js';
import { AppModule } from '../../app.module.js';
import { bookingConfig } from '../../config.js';
import { SEED, seed } from '../../database/seed.js';
import { Consumer } from '../../parties/consumer.entity.js';
import { PassengerData } from '../../webhooks/catalog/passenger-data.js';
import { SeatData } from '../../webhooks/catalog/seat-data.js';
import { SegmentData } from '../../webhooks/catalog/segment-data.js';
import { ServiceData } from '../../webhooks/catalog/service-data.js';
import { TicketData } from '../../webhooks/catalog/ticket-data.js';
import { AIRGATEWAY_EVENTS } from './airgateway-events.js';

interface Case {
  readonly name: string;
  readonly event: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly expected: {
    readonly method: string;
    readonly url: string;
    readonly header: Readonly<Record<string, string>>;
    readonly body_text?: string;
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const FIXTURES = new URL('../../../../../test/fixtures/templates.json', import.meta.url);
// Nothing can be sent to the documented host, a single label: it gets a domain.
const TEXT = readFileSync(FIXTURES, 'utf8').replaceAll('//yourservices/', '//yourservices.example/');
const CASES = JSON.parse(TEXT) as Case[];
const PARTS: Readonly<Record<string, new () => object>> = {
  ...{ passengers: PassengerData, services: ServiceData, seats: SeatData, tickets: TicketData },
  ...{ segments: SegmentData, previous_segments: SegmentData, revised_segments: SegmentData },
  original_segments: SegmentData,
};
const HELLO = { http_request: { url: 'https://partner.example/hook', json_body: { id: '{{agw_id}}' } } };

/** The event type's sample with the case's data, as an event that can be published. */
function eventOf({ eventClass, sample, fields }: EventType, data: Case['data']): object {
  const whole = { ...sample, ...data };
  const own = fields.map(({ name }) => [name, instances(name, whole[name])]);
  return Object.assign(Object.create(eventClass.prototype as object) as object, Object.fromEntries(own));
}

function instances(name: string, value: unknown): unknown {
  const Part = PARTS[name];
  if (!Part || !Array.isArray(value)) return value;
  return value.map((part: object) => Object.assign(new Part(), part));
}

describeDatabases("AirGateway's façade", (database) => {
  let transport: RecordingTransport;
  let app: INestApplication;
  let url: string;

  async function call(
    method: string,
    path = '',
    body?: object,
    consumer: string = SEED.consumer.id,
  ): Promise<Answer> {
    const response = await fetch(`${url}/airgateway/webhooks${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-consumer-id': consumer },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Publishes an event with the case's data and gives the one request that goes out, and the event's id. */
  async function publish(
    event: string,
    data: Case['data'],
  ): Promise<{ id: string; request: OutboundRequest }> {
    const before = transport.requests.length;
    const occurredAt = new Date(String(data['occurred_at'] ?? '2026-03-10T09:20:31Z'));
    const { id } = await app
      .get(WebhooksService)
      .publish(eventOf(app.get(EventCatalog).get(event), data), { tenant: SEED.consumer.id, occurredAt });
    await app.get(WebhooksService).drain();
    expect(transport.requests).toHaveLength(before + 1);
    return { id, request: transport.requests.at(-1)! };
  }

  /** What is not of their eleven events is subscribed to in the same form. */
  async function configure(event: string, http_request: Case['request']): Promise<void> {
    if (AIRGATEWAY_EVENTS.includes(event)) {
      const set = await call('PUT', `/${event}`, { http_request });
      return expect(set).toMatchObject({ status: 200, body: { event } });
    }
    const tenant = SEED.consumer.id;
    await app.get(SubscriptionsService).create({ tenant, event_types: [event], http_request });
  }

  const removeAll = async (): Promise<void> => {
    const subscriptions = app.get(SubscriptionsService);
    for (const { id } of (await subscriptions.list()).items) await subscriptions.delete(id);
  };

  beforeAll(async () => {
    const fresh = await database.fresh();
    const env = fresh.type === 'postgres' ? { DATABASE_URL: fresh.url } : { BOOKING_DB: fresh.database };
    transport = new RecordingTransport();
    const module = await Test.createTestingModule({ imports: [AppModule.forRoot(bookingConfig(env))] })
      .overrideProvider(WebhookTransport)
      .useValue(transport)
      .compile();
    app = module.createNestApplication({ logger: ['error', 'warn'] });
    await seed(app.get(DataSource));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterEach(removeAll);
  afterAll(() => app.close());

  // Two airlines in one event are not of this catalog: it has an event for each.
  it.each(CASES.filter(({ name }) => name !== 'airline-status-changed'))(
    'takes the template $name as it stands and sends exactly what it asks for',
    async ({ event, request: http_request, data, expected }) => {
      await configure(event, http_request);

      const { id, request } = await publish(event, data);

      const occurred = String(data['occurred_at']);
      const ofThisEvent = (text: string): string =>
        text.replaceAll(String(data['event_id']), id).replaceAll(occurred, new Date(occurred).toISOString());
      expect(request.method).toBe(expected.method);
      expect(request.url).toBe(ofThisEvent(expected.url));
      for (const [name, value] of Object.entries(expected.header))
        expect(request.headers[name.toLowerCase()]).toBe(ofThisEvent(value));
      const body = request.body === null ? undefined : Buffer.from(request.body).toString();
      expect(body).toBe(expected.body_text === undefined ? undefined : ofThisEvent(expected.body_text));
    },
  );

  it.each([
    ['ServicesRemoval', 'ServicesDeletion'],
    ['SeatsRemoval', 'SeatsDeletion'],
    ['ItineraryChange', 'DatesChanged'],
  ])('takes %s for %s, and both spellings of the fields', async (later, event) => {
    await call('PUT', `/${later}`, HELLO);
    const json_body = {
      old: '{{order_id}} {{full_path}} {{total_amount}}',
      new: '{{orderID}} {{fullPath}} {{totalAmount}}',
    };
    await call('PUT', `/${event}`, { http_request: { url: 'https://partner.example/both', json_body } });

    const { request } = await publish(event, { order_id: 'IB1', full_path: 'MAD-LHR', total_amount: 10.5 });

    const written = 'IB1 MAD-LHR 10.5';
    expect(JSON.parse(String(request.body))).toEqual({ old: written, new: written });
    expect(await call('GET', `/${later}`)).toMatchObject({ status: 200, body: { event } });
    expect(await call('GET')).toMatchObject({ body: [{ event }] });
  });

  it('has a request for each event: at one endpoint for all, or at a different one each', async () => {
    const paths = { OrderCreated: '/all', OrderCanceled: '/cancelled', OrderTicketed: '/all' };
    for (const [event, path] of Object.entries(paths)) {
      const http_request = { url: `https://partner.example${path}`, json_body: { id: '{{agw_id}}' } };
      await call('PUT', `/${event}`, { http_request });
    }
    for (const [event, path] of Object.entries(paths)) {
      const { request } = await publish(event, {});
      expect(request.url).toBe(`https://partner.example${path}`);
    }
    const { body } = await call('GET');
    expect(body).toMatchObject(Object.keys(paths).map((event) => ({ event })));
  });

  it('replaces a configuration when it is set again, shows it without its secrets, and deletes it', async () => {
    await call('PUT', '/OrderCreated', HELLO);
    const header = { Authorization: 'Basic YourPassword' };
    const second = { http_request: { url: 'https://partner.example/second', header, json_body: '{{pnr}}' } };
    await call('PUT', '/OrderCreated', second);
    expect(await call('GET', '/OrderCreated')).toEqual({
      status: 200,
      body: {
        event: 'OrderCreated',
        http_request: { ...second.http_request, header: { Authorization: '********' } },
      },
    });
    expect((await publish('OrderCreated', {})).request).toMatchObject({
      url: 'https://partner.example/second',
      headers: { authorization: 'Basic YourPassword' },
    });

    expect(await call('DELETE', '/OrderCreated')).toEqual({ status: 204, body: null });
    expect(await call('GET', '/OrderCreated')).toMatchObject({
      status: 404,
      body: { code: 'SUBSCRIPTION_NOT_FOUND' },
    });
    expect(await call('DELETE', '/OrderCreated')).toMatchObject({ status: 404 });
    expect(await call('GET')).toEqual({ status: 200, body: [] });
  });

  it('is who changes a configuration, in its history', async () => {
    await call('PUT', '/OrderCreated', HELLO);
    await call('PUT', '/OrderCreated', { http_request: { ...HELLO.http_request, method: 'PUT' } });
    const subscriptions = app.get(SubscriptionsService);
    const { id } = (await subscriptions.list()).items[0]!;
    await call('DELETE', '/OrderCreated');
    const actor = `airgateway:${SEED.consumer.id}`;
    const actions = ['delete', 'update', 'create'];
    expect((await subscriptions.changes(id)).items).toMatchObject(
      actions.map((action) => ({ action, actor })),
    );
  });

  it('is each customer’s own', async () => {
    await call('PUT', '/OrderCreated', HELLO);
    const { manager } = app.get(DataSource);
    await manager.upsert(Consumer, { ...SEED.consumer, id: 'sol-viajes' }, ['id']);
    expect(await call('GET', '', undefined, 'sol-viajes')).toEqual({ status: 200, body: [] });
    expect(await call('GET', '/OrderCreated', undefined, 'sol-viajes')).toMatchObject({ status: 404 });
  });

  it('tries an endpoint that was gone again when it is configured anew', async () => {
    await call('PUT', '/OrderCreated', HELLO);
    transport.answer({ status: 410 }, { status: 204 });
    await publish('OrderCreated', {});
    const subscriptions = app.get(SubscriptionsService);
    expect((await subscriptions.list()).items).toMatchObject([{ state: 'disabled', state_reason: 'gone' }]);
    await call('PUT', '/OrderCreated', HELLO);
    await publish('OrderCreated', {});
    expect((await subscriptions.list()).items).toMatchObject([{ state: 'enabled' }]);
  });

  it.each([
    { what: 'an event that is not theirs', path: '/EmailCaptured', wish: HELLO, answer: { statusCode: 404 } },
    { what: 'an event that nobody knows', path: '/OrderTicketd', wish: HELLO, answer: { statusCode: 404 } },
    { what: 'no request', path: '/OrderCreated', wish: {}, answer: { code: 'SUBSCRIPTION_INVALID' } },
    {
      what: 'a field that does not exist',
      path: '/OrderCreated',
      wish: { http_request: { url: 'https://partner.example/', json_body: '{{agwId}}' } },
      answer: { code: 'TEMPLATE_UNKNOWN_FIELD', path: 'json_body' },
    },
  ])('refuses $what', async ({ path, wish, answer }) => {
    expect((await call('PUT', path, wish)).body).toMatchObject(answer);
    expect(await call('GET')).toEqual({ status: 200, body: [] });
  });
});
