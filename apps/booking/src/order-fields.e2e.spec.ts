import { ORDER_FIELDS } from '../../../test/support/booking-catalog.js';
import { BookingHost } from '../../../test/support/booking-host.js';
import type { StoredEvent } from '../../../test/support/booking-host.js';
import { describeDatabases } from '../../../test/support/databases.js';
import { BAG, FAMILY, SEAT } from '../../../test/support/trips.js';

/** Rows as they stand right after an event, read without the app's own code. */
interface Facts {
  readonly order: Record<string, unknown>;
  readonly passengers: readonly string[];
  /** `MAD-LHR` for each flight that will be flown, in travel order. */
  readonly flights: readonly string[];
  readonly agent: { readonly name: string; readonly email: string } | null;
  readonly session: string | null;
}

const AGENT = { name: 'Lucía Pérez', email: 'lucia.perez@viajesnube.example' };
const SESSION = '3f6c2b1e-8a47-4d0b-9c55-0e9d7f2a1b34';
const STATUS: Readonly<Record<string, string>> = { on_hold: 'on hold' };
const seconds = (iso: unknown): string => `${String(iso).slice(0, 19)}Z`;
const count = (type: string) => (facts: Facts) => facts.passengers.filter((one) => one === type).length;
const column = (name: string) => (facts: Facts) => facts.order[name];

/** Where each field comes from, as the specification says. */
const SOURCES: Readonly<Record<string, (facts: Facts) => unknown>> = {
  agw_id: column('agw_id'),
  order_id: column('provider_order_id'),
  pnr: column('pnr'),
  record_locator: column('record_locator'),
  booking_type: ({ flights }) => (flights.length === 2 ? 'Round Trip' : 'One Way'),
  origin: ({ flights }) => flights[0]?.slice(0, 3),
  destination: ({ flights }) => flights[0]?.slice(4),
  full_path: ({ flights }) => flights.join(', '),
  adults_pax: count('ADT'),
  children_pax: count('CHD'),
  infants_pax: count('INF'),
  order_status: ({ order }) => STATUS[String(order['status'])] ?? order['status'],
  total_amount: ({ order }) => Number(order['total_amount_minor']) / 100,
  created_on: ({ order }) => seconds(order['created_on']),
  updated_on: ({ order }) => seconds(order['updated_on']),
  session_id: ({ session }) => session,
  agent_email: ({ agent }) => agent?.email ?? null,
  consumer_email: () => 'ops@nubetravel.example',
  psg_phone: column('contact_phone'),
  psg_email: column('contact_email'),
  consumer_iata_code: () => '78220011',
  consumer_country_code: () => 'ES',
  consumer: () => 'Nube Travel',
  provider: column('provider'),
  agent: ({ agent }) => agent?.name ?? null,
  agency: () => 'Viajes Nube S.L.',
  currency: column('currency'),
};

const BY_AGENT = [
  ...['OrderCreated', 'OrderTicketed', 'ServicesAddition', 'ServicesDeletion', 'SeatsAddition'],
  ...['SeatsDeletion', 'DatesChanged', 'OrderChanged', 'OrderCanceled'],
];
const BY_NOBODY = ['ScheduleChanged', 'EmailCaptured', 'IncidentDetected', 'OrderStarted', 'OrderCompleted'];

describeDatabases('the fields of an order', (database) => {
  const told = new Map<string, { data: Record<string, unknown>; facts: Facts }[]>();
  let host: BookingHost;
  let id: string;
  let seen = 0;

  async function facts(byAgent: boolean): Promise<Facts> {
    const [order] = await host.query(`SELECT * FROM orders WHERE agw_id = '${id}'`);
    const of = `order_id = '${String(order!['id'])}'`;
    const passengers = await host.query(`SELECT type FROM passengers WHERE ${of}`);
    const flights = await host.query(
      `SELECT origin, destination FROM segments WHERE ${of} AND superseded_by IS NULL AND status <> 'UN' ORDER BY departure_at`,
    );
    return {
      order: order!,
      passengers: passengers.map(({ type }) => String(type)),
      flights: flights.map(({ origin, destination }) => `${String(origin)}-${String(destination)}`),
      agent: byAgent ? AGENT : null,
      session: byAgent ? SESSION : null,
    };
  }

  /** Keeps what the last step told, with the rows as they are then. */
  async function note(byAgent: boolean): Promise<void> {
    const events: StoredEvent[] = (await host.events(`order:${id}`)).slice(seen);
    seen += events.length;
    const now = await facts(byAgent);
    for (const { type, data } of events) told.set(type, [...(told.get(type) ?? []), { data, facts: now }]);
  }

  async function agent(method: string, path: string, body?: object): Promise<Record<string, string>> {
    const answer = await host.ok(method, path, body, { 'x-session-id': SESSION });
    id ??= answer.agw_id;
    await note(true);
    return answer;
  }

  async function supplier(path: string, body: object): Promise<Record<string, string>> {
    const answer = await host.ok('POST', `/supplier/${path}`, body);
    await note(false);
    return answer;
  }

  beforeAll(async () => {
    host = await BookingHost.start(await database.fresh());
    await agent('POST', '/orders', FAMILY);
    const later = { departure_local: '2036-04-19T11:45:00', arrival_local: '2036-04-19T13:15:00' };
    await agent('POST', `/orders/${id}/services`, { services: [BAG, BAG] });
    await agent('POST', `/orders/${id}/seats`, { seats: [SEAT] });
    await agent('DELETE', `/orders/${id}/services/SRV1`);
    await agent('DELETE', `/orders/${id}/seats/SEAT1`);
    await agent('PATCH', `/orders/${id}`, { contact: { phone: null }, total_amount: 400.1 });
    await agent('POST', `/orders/${id}/ticket`, { card_token: 'tok_visa' });
    const dates = { segments: [{ ...FAMILY.segments[0], ...later }], amount_delta: -0.35 };
    await agent('PATCH', `/orders/${id}`, { itinerary: dates });
    const reason = { agw_id: id, reason_code: 'CANCELLED', confirmed: true };
    await supplier('schedule-changes', { ...reason, cancelled: ['SEG2'] });
    await supplier('emails', {
      ...{ consumer_id: 'nube-travel', agw_id: id, unique_code: id, category: 'Receipt', subject: '' },
      ...{ from: 'a@air.example', to: 'b@in.example', link: 'https://mail.example/1' },
      ...{ link_expires_at: '2036-01-01T00:00:00Z', received_at: '2036-01-01T00:00:00Z' },
    });
    await supplier('incidents', { agw_id: id, type: 'abnormal.cancelled', evidence: '1' });
    host.clock.advance(Date.parse('2036-05-01T00:00:00Z') - host.clock.now());
    await host.drain();
    await note(false);
    await agent('POST', `/orders/${id}/cancel`, {});
  });

  afterAll(() => host.close());

  const rows = [...BY_AGENT, ...BY_NOBODY].flatMap((type) =>
    ORDER_FIELDS.map(([field]) => ({ type, field })),
  );

  it.each(rows)('$type.$field comes from where it should, as it is after the event', ({ type, field }) => {
    const all = told.get(type) ?? [];
    expect(all.length).toBeGreaterThan(0);
    for (const { data, facts: known } of all) expect(data[field]).toEqual(SOURCES[field]?.(known));
  });

  it('agree with each other: who travels adds up, and no change is older than the order', () => {
    for (const { data } of [...told.values()].flat()) {
      const party = [data['adults_pax'], data['children_pax'], data['infants_pax']].map(Number);
      expect(data['passengers']).toHaveLength(party.reduce((sum, number) => sum + number));
      expect(String(data['updated_on']) >= String(data['created_on'])).toBe(true);
    }
  });
});
