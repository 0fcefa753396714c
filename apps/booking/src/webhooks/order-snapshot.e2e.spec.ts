import { readFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../../../../test/support/databases.js';
import { AppModule } from '../app.module.js';
import { bookingConfig } from '../config.js';
import { SEED, seed } from '../database/seed.js';
import type { CreateOrderDto } from '../orders/dto/create-order.dto.js';
import { OrderCreationService } from '../orders/order-creation.service.js';
import { OrderTicketingService } from '../orders/order-ticketing.service.js';
import type { Caller } from '../parties/caller.js';
import { BookingClock } from '../system/booking-clock.js';
import { BookingNumbers } from '../system/booking-numbers.js';
import { OrderTicketed } from './catalog/order-ticketed.js';
import { OrderSnapshotFactory } from './order-snapshot.factory.js';

const FIXTURES = new URL('../../../../test/fixtures/templates.json', import.meta.url);
const LUCIA: Caller = {
  consumerId: SEED.consumer.id,
  agentId: SEED.agent.id,
  sessionId: '3f6c2b1e-8a47-4d0b-9c55-0e9d7f2a1b34',
};
const AUTOMATIC: Caller = { consumerId: SEED.consumer.id, agentId: null, sessionId: null };

const FAMILY: CreateOrderDto = {
  ...{ provider: 'IB', hold: true, amount: 412.35, currency: 'EUR' },
  ...{ contact_phone: '+34600111222', contact_email: 'ana.garcia@mail.example' },
  passengers: [
    { type: 'ADT', first_name: 'Ana', last_name: 'Garcia', title: 'Ms' },
    { type: 'ADT', first_name: 'Luis', last_name: 'Garcia', title: 'Mr' },
    { type: 'CHD', first_name: 'Mia', last_name: 'Garcia', title: 'Miss' },
  ],
  segments: [
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
  ],
};

class FixtureNumbers extends BookingNumbers {
  private tickets = 678;
  agwId = () => 'AGW-E1TLLZH0HB';
  providerOrderId = () => 'IB0A1B2C3D4E';
  pnr = () => 'YMCP6O';
  recordLocator = () => '7Q2XKD';
  ticketNumber = () => `0752412345${this.tickets++}`;
}

/** What a subscriber gets in the documented example, without what the library adds on the way. */
async function documentedData(): Promise<object> {
  const [first] = JSON.parse(await readFile(FIXTURES, 'utf8'));
  const { event_id, event_type, occurred_at, sequence, ...data } = first.data;
  expect([event_id, event_type, occurred_at, sequence]).not.toContain(undefined);
  return data;
}

describeDatabases('order snapshot', (database) => {
  const clock = { time: '2026-03-10T09:15:00Z', now: () => new Date(clock.time) };
  const order = { agwId: 'AGW-E1TLLZH0HB', consumerId: SEED.consumer.id };
  let app: INestApplicationContext;

  const take = (caller: Caller) =>
    app.get(DataSource).transaction((manager) => app.get(OrderSnapshotFactory).take(manager, order, caller));

  beforeAll(async () => {
    const fresh = await database.fresh();
    const env = fresh.type === 'postgres' ? { DATABASE_URL: fresh.url } : { BOOKING_DB: fresh.database };
    const module = await Test.createTestingModule({ imports: [AppModule.forRoot(bookingConfig(env))] })
      .overrideProvider(BookingClock)
      .useValue(clock)
      .overrideProvider(BookingNumbers)
      .useClass(FixtureNumbers)
      .compile();
    app = await module.init();
    await seed(app.get(DataSource));
    await app.get(OrderCreationService).create(FAMILY, LUCIA);
    clock.time = '2026-03-10T09:20:30Z';
    await app.get(OrderTicketingService).ticket(order.agwId, { card_token: 'tok_visa' }, LUCIA);
  });

  afterAll(() => app.close());

  it('is the documented example, to the last field', async () => {
    expect(JSON.parse(JSON.stringify(await take(LUCIA)))).toEqual(await documentedData());
  });

  it('names nobody when nobody at an agency caused the event', async () => {
    expect(await take(AUTOMATIC)).toMatchObject({
      ...{ agent: null, agent_email: null, session_id: null },
      ...{ agency: 'Viajes Nube S.L.', consumer: 'Nube Travel' },
    });
  });

  it('gives OrderTicketed one entry a passenger', async () => {
    const { tickets } = OrderTicketed.of(await take(LUCIA), { reissue: false });
    expect(tickets.map(({ passenger_ref, ticket_numbers }) => [passenger_ref, ...ticket_numbers])).toEqual([
      ['PAX1', '0752412345678'],
      ['PAX2', '0752412345679'],
      ['PAX3', '0752412345680'],
    ]);
    expect(tickets[0]).toMatchObject({ name: 'GARCIA/ANA MS', airline_pnrs: ['YMCP6O'], ancillaries: [] });
  });
});
