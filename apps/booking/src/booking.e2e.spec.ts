import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../../../test/support/databases.js';
import type { TestDatabaseOptions } from '../../../test/support/databases.js';
import { AppModule } from './app.module.js';
import { bookingConfig } from './config.js';
import type { BookingConfig } from './config.js';
import { SEED, seed } from './database/seed.js';

const PASSENGERS = [
  { type: 'ADT', first_name: 'Ana', last_name: 'Garcia', title: 'Ms' },
  { type: 'CHD', first_name: 'Mia', last_name: 'Garcia', title: 'Miss' },
];

const SEGMENTS = [
  {
    ...{ leg: 1, carrier: 'IB', flight_number: 'IB3166', origin: 'MAD', destination: 'LHR' },
    ...{ departure_local: '2026-04-18T11:45:00', departure_tz: 'Europe/Madrid' },
    ...{ arrival_local: '2026-04-18T13:15:00', arrival_tz: 'Europe/London' },
  },
  {
    ...{ leg: 2, carrier: 'IB', flight_number: 'IB3163', origin: 'LHR', destination: 'MAD' },
    ...{ departure_local: '2026-04-25T18:20:00', departure_tz: 'Europe/London' },
    ...{ arrival_local: '2026-04-25T21:45:00', arrival_tz: 'Europe/Madrid' },
  },
];

const ON_HOLD = {
  ...{ provider: 'IB', hold: true, amount: 354.85, currency: 'EUR' },
  ...{ passengers: PASSENGERS, segments: SEGMENTS, contact_email: 'ana.garcia@mail.example' },
};
const BAG = { passenger_ref: 'PAX1', segment_ref: 'SEG1', type: 'BAG', code: '0C3', quantity: 1, amount: 45 };
const SEAT = { passenger_ref: 'PAX1', segment_ref: 'SEG1', seat_number: '12A', amount: 12.5 };

interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read field by field and compared literally
  readonly body: any;
}

function configFor(database: TestDatabaseOptions): BookingConfig {
  return bookingConfig(
    database.type === 'postgres' ? { DATABASE_URL: database.url } : { BOOKING_DB: database.database },
  );
}

describeDatabases('booking', (database) => {
  let app: INestApplication;
  let url: string;

  async function call(method: 'GET' | 'POST', path: string, body?: object, headers = {}): Promise<Answer> {
    const caller = { 'x-consumer-id': SEED.consumer.id, 'x-agent-id': SEED.agent.id, ...headers };
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...caller },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  const post = (path: string, body: object = {}, headers = {}): Promise<Answer> =>
    call('POST', path, body, headers);

  async function hold(): Promise<string> {
    const { body } = await post('/orders', ON_HOLD);
    return body.agw_id;
  }

  beforeAll(async () => {
    const config = configFor(await database.fresh());
    const module = await Test.createTestingModule({ imports: [AppModule.forRoot(config)] }).compile();
    app = module.createNestApplication({ logger: ['error', 'warn'] });
    await seed(app.get(DataSource));
    await seed(app.get(DataSource));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(() => app.close());

  it('books, adds a bag and a seat, tickets and cancels', async () => {
    const created = await post('/orders', ON_HOLD);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      ...{ agw_id: expect.stringMatching(/^AGW-[A-Z0-9]{10}$/), booking_type: 'Round Trip' },
      ...{ order_status: 'on hold', total_amount: 354.85, currency: 'EUR' },
      segments: [{ departure_at: '2026-04-18T09:45:00Z' }, { arrival_at: '2026-04-25T19:45:00Z' }],
    });
    const path = `/orders/${created.body.agw_id}`;

    const withBag = await post(`${path}/services`, { services: [BAG] });
    expect(withBag.body).toMatchObject({ total_amount: 399.85, services: [{ ref: 'SRV1', ...BAG }] });

    const withSeat = await post(`${path}/seats`, { seats: [SEAT] });
    expect(withSeat.body).toMatchObject({ total_amount: 412.35, seats: [{ ref: 'SEAT1', ...SEAT }] });

    const ticketed = await post(`${path}/ticket`, { card_token: 'tok_visa' });
    expect(ticketed.status).toBe(200);
    expect(ticketed.body).toMatchObject({
      order_status: 'ticketed',
      passengers: [
        { ref: 'PAX1', name: 'GARCIA/ANA MS', ticket_numbers: [expect.stringMatching(/^075\d{10}$/)] },
        { ref: 'PAX2', name: 'GARCIA/MIA MISS', ticket_numbers: [expect.stringMatching(/^075\d{10}$/)] },
      ],
    });

    const cancelled = await post(`${path}/cancel`, { reason: 'illness', refund_amount: 100 });
    expect(cancelled.body).toMatchObject({ order_status: 'cancelled', total_amount: 412.35 });
    expect(await call('GET', path)).toEqual({ status: 200, body: cancelled.body });
  });

  it('cancels twice without a complaint and changes nothing the second time', async () => {
    const path = `/orders/${await hold()}/cancel`;
    const first = await post(path);
    expect(await post(path)).toEqual(first);
    expect(first).toMatchObject({ status: 200, body: { order_status: 'cancelled' } });
  });

  it('tickets an instant order that was paid when it was made', async () => {
    const { body } = await post('/orders', { ...ON_HOLD, hold: false, card_token: 'tok_visa' });
    expect(body.order_status).toBe('ticketing');
    expect((await post(`/orders/${body.agw_id}/ticket`)).body.order_status).toBe('ticketed');
  });

  it('replaces the tickets of a ticketed order only when asked for a reissue', async () => {
    const path = `/orders/${await hold()}/ticket`;
    const first = await post(path, { card_token: 'tok_visa' });
    expect(await post(path)).toMatchObject({ status: 409, body: { code: 'TRANSITION_FORBIDDEN' } });

    const again = await post(path, { reissue: true });
    expect(again).toMatchObject({ status: 200, body: { order_status: 'ticketed' } });
    expect(again.body.passengers[0].ticket_numbers).toHaveLength(1);
    expect(again.body.passengers[0].ticket_numbers).not.toEqual(first.body.passengers[0].ticket_numbers);
  });

  it('lets one of several simultaneous ticketings through', async () => {
    const path = `/orders/${await hold()}/ticket`;
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(path, { card_token: 'tok_visa' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('refuses everything but reading once an order is cancelled', async () => {
    const path = `/orders/${await hold()}`;
    await post(`${path}/cancel`);
    const closed = { status: 409, body: { code: 'ORDER_CLOSED' } };
    expect(await post(`${path}/services`, { services: [BAG] })).toMatchObject(closed);
    expect(await post(`${path}/seats`, { seats: [SEAT] })).toMatchObject(closed);
    expect(await post(`${path}/ticket`, { card_token: 'tok_visa' })).toMatchObject({
      status: 409,
      body: { code: 'TRANSITION_FORBIDDEN', message: 'An order that is cancelled cannot become ticketing.' },
    });
  });

  it('leaves no trace of a booking whose payment is declined', async () => {
    const orders = () => app.get(DataSource).query('SELECT count(*) AS n FROM orders');
    const before = await orders();
    const declined = { ...ON_HOLD, hold: false, card_token: 'tok_declined' };
    expect(await post('/orders', declined)).toMatchObject({
      status: 402,
      body: { code: 'PAYMENT_DECLINED' },
    });
    expect(await orders()).toEqual(before);
  });

  it('leaves an order on hold, without tickets, when its payment is declined', async () => {
    const path = `/orders/${await hold()}`;
    expect((await post(`${path}/ticket`, { card_token: 'tok_declined' })).status).toBe(402);
    expect((await call('GET', path)).body).toMatchObject({
      order_status: 'on hold',
      passengers: [{ ticket_numbers: [] }, { ticket_numbers: [] }],
    });
  });

  it('refuses to ticket an order whose payment time limit has passed', async () => {
    const { body } = await post('/orders', { ...ON_HOLD, payment_time_limit: '2020-01-01T00:00:00Z' });
    expect(await post(`/orders/${body.agw_id}/ticket`, { card_token: 'tok_visa' })).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_TIME_LIMIT_PASSED' },
    });
  });

  it('gives a seat away only once', async () => {
    const path = `/orders/${await hold()}/seats`;
    await post(path, { seats: [SEAT] });
    expect(await post(path, { seats: [{ ...SEAT, passenger_ref: 'PAX2' }] })).toMatchObject({
      status: 409,
      body: { code: 'SEAT_TAKEN' },
    });
  });

  it.each([
    {
      what: 'no passengers',
      change: { passengers: [] },
      status: 400,
      says: 'passengers should not be empty',
    },
    { what: 'an unknown field', change: { colour: 'red' }, status: 400, says: 'colour should not exist' },
    { what: 'a third decimal', change: { amount: 1.005 }, status: 422, says: 'no amount of EUR' },
    {
      what: 'an offset that no zone has',
      change: { segments: [{ ...SEGMENTS[0], departure_local: '2036-04-18T11:45:00+99:00' }] },
      ...{ status: 400, says: 'departure_local' },
    },
    {
      what: 'a flight of another age',
      change: { segments: [{ ...SEGMENTS[0], departure_local: '0001-04-18T11:45:00' }] },
      ...{ status: 400, says: 'departure_local' },
    },
    {
      what: 'a trip backwards in time',
      change: { segments: [...SEGMENTS].reverse() },
      status: 422,
      says: 'leg 1',
    },
  ])('refuses a booking with $what', async ({ change, status, says }) => {
    const answer = await post('/orders', { ...ON_HOLD, ...change });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(says);
  });

  it('shows an order to nobody but its consumer', async () => {
    const path = `/orders/${await hold()}`;
    await app
      .get(DataSource)
      .query(
        `INSERT INTO consumers (id, name, email, country_code) VALUES ('sol', 'Sol', 'ops@sol.example', 'PT')`,
      );
    expect(await call('GET', path, undefined, { 'x-consumer-id': 'sol' })).toMatchObject({ status: 401 });
    const headers = { 'content-type': 'application/json', 'x-consumer-id': 'sol' };
    expect((await fetch(`${url}${path}`, { headers })).status).toBe(404);
    expect((await fetch(`${url}${path}`)).status).toBe(401);
  });

  it('answers 404 for an order that does not exist', async () => {
    expect(await call('GET', '/orders/AGW-0000000000')).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND', message: 'There is no order AGW-0000000000.' },
    });
  });
});
