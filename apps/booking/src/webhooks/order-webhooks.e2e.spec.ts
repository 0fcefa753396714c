import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { WebhooksService, WebhookTransport } from 'nestjs-webhooks';
import { RecordingTransport } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../../../../test/support/databases.js';
import { AppModule } from '../app.module.js';
import { bookingConfig } from '../config.js';
import { SEED, seed } from '../database/seed.js';
import type { CreateOrderDto } from '../orders/dto/create-order.dto.js';
import { OrderCancellationService } from '../orders/order-cancellation.service.js';
import { OrderCreationService } from '../orders/order-creation.service.js';
import { OrderTicketingService } from '../orders/order-ticketing.service.js';

const CALLER = { consumerId: SEED.consumer.id, agentId: SEED.agent.id, sessionId: null };
const PAID = { card_token: 'tok_visa' };
const DECLINED = { card_token: 'tok_declined' };

const ORDER: CreateOrderDto = {
  ...{ provider: 'IB', hold: true, amount: 100, currency: 'EUR' },
  passengers: [{ type: 'ADT', first_name: 'Ana', last_name: 'Garcia' }],
  segments: [
    {
      ...{ leg: 1, carrier: 'IB', flight_number: 'IB3166', origin: 'MAD', destination: 'LHR' },
      ...{ departure_local: '2036-04-18T11:45:00', departure_tz: 'Europe/Madrid' },
      ...{ arrival_local: '2036-04-18T13:15:00', arrival_tz: 'Europe/London' },
    },
  ],
};

describeDatabases('order webhooks', (database) => {
  let transport: RecordingTransport;
  let app: INestApplication;
  let url: string;

  async function subscribe(body: object): Promise<{ status: number; body: object }> {
    const headers = { 'content-type': 'application/json', 'x-consumer-id': SEED.consumer.id };
    const response = await fetch(`${url}/webhooks/subscriptions`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  const create = (change: Partial<CreateOrderDto> = {}) =>
    app.get(OrderCreationService).create({ ...ORDER, ...change }, CALLER);
  const ticket = (agwId: string, request = PAID) =>
    app.get(OrderTicketingService).ticket(agwId, request, CALLER);
  const cancel = (agwId: string) => app.get(OrderCancellationService).cancel(agwId, {}, CALLER);

  /** The path and the body of every request, as a receiver reads them. */
  async function sent(): Promise<{ path: string; body: Record<string, unknown> }[]> {
    await app.get(WebhooksService).drain();
    return transport.requests.map((request) => ({
      path: new URL(request.url).pathname,
      body: JSON.parse(String(request.body)),
    }));
  }

  beforeEach(async () => {
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

  afterEach(() => app.close());

  it('takes the documented example of AirGateway as it stands and sends what it asks for', async () => {
    const http_request = {
      url: 'https://yourservices.example/api/order-ticketed',
      header: { Authorization: 'Basic YourPassword' },
      json_body: { agent: '{{agent}}', pnr: '{{pnr}}', freeText: 'This is your order ID: {{agw_id}}' },
    };
    expect((await subscribe({ event_types: ['OrderTicketed'], http_request })).status).toBe(201);
    const { order } = await create();
    await ticket(order.agwId);
    expect(await sent()).toEqual([
      {
        path: '/api/order-ticketed',
        body: { agent: 'Lucía Pérez', pnr: order.pnr, freeText: `This is your order ID: ${order.agwId}` },
      },
    ]);
    expect(transport.requests[0]?.headers).toMatchObject({ authorization: 'Basic YourPassword' });
  });

  it('tells of an order from its making to its end, numbered, and of cancelling only once', async () => {
    await subscribe({ url: 'https://partner.example/all' });
    const { order } = await create();
    await ticket(order.agwId);
    await cancel(order.agwId);
    await cancel(order.agwId);
    const events = (await sent()).map(({ body }) => body['data'] as Record<string, unknown>);
    const told = events.map((data) => [data['sequence'], data['event_type'], data['order_status']]);
    expect(told.sort()).toEqual([
      [1, 'OrderCreated', 'on hold'],
      [2, 'OrderTicketed', 'ticketed'],
      [3, 'OrderCanceled', 'cancelled'],
    ]);
  });

  it('tells nothing of what a declined card undid', async () => {
    await subscribe({ url: 'https://partner.example/all' });
    await expect(create({ hold: false, ...DECLINED })).rejects.toThrow('declined');
    const { order } = await create();
    await expect(ticket(order.agwId, DECLINED)).rejects.toThrow('declined');
    expect((await sent()).map(({ body }) => body['type'])).toEqual(['OrderCreated']);
  });

  it.each([
    {
      what: 'a placeholder that the event does not have',
      body: {
        event_types: ['OrderTicketed'],
        http_request: { url: 'https://a.example/', json_body: '{{pnrr}}' },
      },
      answer: { code: 'TEMPLATE_UNKNOWN_FIELD', detail: expect.stringContaining('Did you mean "pnr"?') },
    },
    {
      what: 'an event type that does not exist',
      body: { event_types: ['OrderTicketd'], url: 'https://a.example/' },
      answer: { code: 'UNKNOWN_EVENT_TYPE' },
    },
    {
      what: 'no target',
      body: { event_types: ['OrderTicketed'] },
      answer: { code: 'SUBSCRIPTION_INVALID', issues: [{ path: 'http_request' }] },
    },
  ])('refuses a subscription with $what', async ({ body, answer }) => {
    expect(await subscribe(body)).toMatchObject({ status: 422, body: answer });
  });
});
