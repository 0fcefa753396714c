import { BookingHost } from '../../../test/support/booking-host.js';
import type { StoredEvent } from '../../../test/support/booking-host.js';
import { describeDatabases } from '../../../test/support/databases.js';
import { BAG, FAMILY, SEAT } from '../../../test/support/trips.js';

const RETIMED = {
  departure_local: '2036-04-18T13:20:00',
  arrival_local: '2036-04-18T14:50:00',
};

describeDatabases('order events', (database) => {
  let host: BookingHost;

  beforeAll(async () => (host = await BookingHost.start(await database.fresh())));
  afterAll(() => host.close());

  async function order(change: object = {}): Promise<string> {
    return (await host.ok('POST', '/orders', { ...FAMILY, ...change })).agw_id;
  }

  async function ticketed(): Promise<string> {
    const id = await order();
    await host.ok('POST', `/orders/${id}/ticket`, { card_token: 'tok_visa' });
    return id;
  }

  const eventsOf = (id: string): Promise<StoredEvent[]> => host.events(`order:${id}`);
  const typesOf = async (id: string): Promise<string[]> => (await eventsOf(id)).map(({ type }) => type);
  const patch = (id: string, body: object) => host.ok('PATCH', `/orders/${id}`, body);

  /** What the last changes published. */
  async function since(id: string, count: number): Promise<StoredEvent[]> {
    const events = await eventsOf(id);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    return events.slice(count);
  }

  it('tells of the making first, once, with the status it leads to', async () => {
    const held = await eventsOf(await order());
    expect(held).toMatchObject([{ type: 'OrderCreated', sequence: 1, data: { order_status: 'on hold' } }]);
    const paid = await eventsOf(await order({ hold: false, card_token: 'tok_visa' }));
    expect(paid).toMatchObject([{ type: 'OrderCreated', sequence: 1, data: { order_status: 'ticketing' } }]);
  });

  it('tells of services that are added: those alone, and the order beside', async () => {
    const id = await order();
    await host.ok('POST', `/orders/${id}/services`, { services: [BAG] });
    await host.ok('POST', `/orders/${id}/services`, { services: [{ ...BAG, code: '0DF', amount: 20 }] });
    const [, , added, umbrella] = await since(id, 1);
    expect(added).toMatchObject({
      type: 'ServicesAddition',
      data: {
        services: [{ ref: 'SRV2', code: '0DF', amount: 20 }],
        total_amount: 419.85,
        total_amount_delta: 20,
      },
    });
    expect(added?.data.services).toHaveLength(1);
    expect(umbrella).toMatchObject({
      type: 'OrderChanged',
      data: { changes: ['services'], services: [{ ref: 'SRV1' }, { ref: 'SRV2' }] },
    });
  });

  it('tells of services that are removed, and gives their price back', async () => {
    const id = await order();
    await host.ok('POST', `/orders/${id}/services`, { services: [BAG, BAG] });
    const after = await host.ok('DELETE', `/orders/${id}/services/SRV1`);
    expect(after).toMatchObject({ total_amount: 399.85, services: [{ ref: 'SRV2' }] });
    expect(await since(id, 3)).toMatchObject([
      { type: 'ServicesDeletion', data: { services: [{ ref: 'SRV1' }], total_amount: 399.85 } },
      { type: 'OrderChanged', data: { changes: ['services'], services: [{ ref: 'SRV2' }] } },
    ]);
    expect((await host.call('DELETE', `/orders/${id}/services/SRV1`)).status).toBe(422);
  });

  it('swaps a seat as a release and then an assignment, in one commit', async () => {
    const id = await order();
    await host.ok('POST', `/orders/${id}/seats`, { seats: [SEAT] });
    await patch(id, { seats: { remove: ['SEAT1'], add: [{ ...SEAT, seat_number: '14C', amount: 20 }] } });
    expect(await since(id, 3)).toMatchObject([
      {
        type: 'SeatsDeletion',
        data: { seats: [{ ref: 'SEAT1', seat_number: '12A' }], total_amount: 374.85 },
      },
      { type: 'SeatsAddition', data: { seats: [{ ref: 'SEAT2', seat_number: '14C' }] } },
      { type: 'OrderChanged', data: { changes: ['seats'], seats: [{ ref: 'SEAT2' }] } },
    ]);
    await host.ok('POST', `/orders/${id}/seats`, { seats: [{ ...SEAT, passenger_ref: 'PAX2' }] });
  });

  it('numbers everything that one commit changes, under one umbrella', async () => {
    const id = await order();
    await patch(id, {
      contact: { phone: null, email: 'luis@mail.example' },
      names: [{ passenger_ref: 'PAX2', first_name: 'Luís' }],
      total_amount: 360,
      services: { add: [BAG] },
      seats: { add: [SEAT, { ...SEAT, passenger_ref: 'PAX2', seat_number: '12B' }] },
    });
    const events = await since(id, 1);
    expect(events.map(({ type }) => type)).toEqual(['ServicesAddition', 'SeatsAddition', 'OrderChanged']);
    expect(events.at(-1)?.data).toMatchObject({
      changes: ['contact', 'names', 'price', 'services', 'seats'],
      ...{ psg_phone: null, psg_email: 'luis@mail.example', total_amount: 430 },
      passengers: [{}, { name: 'GARCIA/LUÍS MR' }, {}],
    });
  });

  it.each([
    { what: 'nothing', body: {} },
    { what: 'the same contact', body: { contact: { email: FAMILY.contact_email } } },
    { what: 'the same name', body: { names: [{ passenger_ref: 'PAX1', first_name: 'Ana' }] } },
    { what: 'the same price', body: { total_amount: 354.85 } },
    { what: 'empty lists', body: { services: { add: [] }, seats: { remove: [] } } },
    {
      what: 'null',
      body: { contact: null, names: null, itinerary: null, total_amount: null, services: null, seats: null },
    },
  ])('tells nothing of a change to $what', async ({ body }) => {
    const id = await order();
    await patch(id, body);
    expect(await typesOf(id)).toEqual(['OrderCreated']);
  });

  it('tells of ticketing and reissuing with a ticket for everybody, and of no other change', async () => {
    const id = await ticketed();
    await host.ok('POST', `/orders/${id}/ticket`, { reissue: true });
    const [first, second, ...more] = await since(id, 1);
    expect(more).toEqual([]);
    expect([first, second]).toMatchObject([
      { type: 'OrderTicketed', data: { reissue: false, order_status: 'ticketed' } },
      { type: 'OrderTicketed', data: { reissue: true, order_status: 'ticketed' } },
    ]);
    for (const event of [first, second]) {
      expect(event?.data.tickets).toHaveLength(3);
      for (const ticket of event?.data.tickets ?? []) expect(ticket.ticket_numbers).toHaveLength(1);
    }
    expect(JSON.stringify(first?.data)).not.toContain('birth');
  });

  it.each([
    { by: 'agent', path: '/orders', headers: {} },
    { by: 'airline', path: '/supplier/orders', headers: {} },
  ])('tells once of a cancellation by the $by, and of nothing after it', async ({ by, path }) => {
    const id = await ticketed();
    for (let n = 0; n < 2; n++) await host.ok('POST', `${path}/${id}/cancel`, { reason: 'illness' });
    const [canceled, ...more] = await since(id, 2);
    expect(more).toEqual([]);
    expect(canceled).toMatchObject({
      type: 'OrderCanceled',
      data: { cancelled_by: by, cancel_reason: 'illness', refund_amount: null, order_status: 'cancelled' },
    });
    const nobody = by === 'airline' ? { agent: null, agent_email: null } : { agent: 'Lucía Pérez' };
    expect(canceled?.data).toMatchObject(nobody);
    const refused = [
      host.call('PATCH', `/orders/${id}`, { total_amount: 1 }),
      host.call('POST', '/supplier/schedule-changes', {
        ...{ agw_id: id, reason_code: 'RETIMED', confirmed: true, revised: [{ ref: 'SEG1', ...RETIMED }] },
      }),
    ];
    for (const { status } of await Promise.all(refused)) expect(status).toBe(409);
    expect(await typesOf(id)).toHaveLength(3);
  });

  it('tells of other dates with the flights before, carries services over and releases the seats', async () => {
    const id = await ticketed();
    await patch(id, { services: { add: [BAG] }, seats: { add: [SEAT] } });
    const later = {
      ...FAMILY.segments[0],
      departure_local: '2036-04-19T11:45:00',
      arrival_local: '2036-04-19T13:15:00',
    };
    await patch(id, { itinerary: { segments: [later], amount_delta: -20.5 } });
    const [dates, seats, umbrella] = await since(id, 5);
    expect(dates).toMatchObject({
      type: 'DatesChanged',
      data: {
        previous_segments: [{ ref: 'SEG1', departure_local: '2036-04-18T11:45:00' }, { ref: 'SEG2' }],
        segments: [{ ref: 'SEG2' }, { ref: 'SEG3', leg: 1, departure_at: '2036-04-19T09:45:00Z' }],
        ...{ total_amount_delta: -20.5, full_path: 'MAD-LHR, LHR-MAD', booking_type: 'Round Trip' },
        ...{ order_status: 'ticketed', total_amount: 379.35, services: [{ segment_ref: 'SEG3' }], seats: [] },
      },
    });
    expect(seats).toMatchObject({ type: 'SeatsDeletion', data: { seats: [{ segment_ref: 'SEG1' }] } });
    expect(umbrella).toMatchObject({ type: 'OrderChanged', data: { changes: ['itinerary', 'seats'] } });
    const same = await host.call('PATCH', `/orders/${id}`, {
      itinerary: { segments: [later], amount_delta: 0 },
    });
    expect(same).toMatchObject({ status: 422, body: { code: 'BOOKING_INVALID' } });
  });

  it('computes where a trip leads from the flights that will be flown', async () => {
    const id = await order();
    const [out, back] = FAMILY.segments;
    const viaParis = [
      {
        ...{ ...out, destination: 'CDG', departure_local: '2036-04-18T08:00:00', departure_tz: undefined },
        ...{ arrival_local: '2036-04-18T10:00:00', arrival_tz: undefined },
      },
      { ...out, origin: 'CDG', departure_tz: 'Europe/Paris', departure_local: '2036-04-18T11:30:00' },
    ];
    await patch(id, { itinerary: { segments: [...viaParis, back], amount_delta: 10 } });
    expect((await since(id, 1))[0]?.data).toMatchObject({
      ...{ origin: 'MAD', destination: 'LHR', full_path: 'MAD-CDG, CDG-LHR, LHR-MAD' },
      booking_type: 'Round Trip',
    });
  });

  it('gives the parallel changes of one order consecutive numbers', async () => {
    const id = await order();
    const rows = Array.from({ length: 12 }, (_, n) => n);
    await Promise.all(
      rows.map((n) =>
        n % 3 === 0
          ? host.ok('POST', `/orders/${id}/seats`, {
              seats: [
                {
                  ...SEAT,
                  passenger_ref: `PAX${(n % 2) + 1}`,
                  segment_ref: n < 6 ? 'SEG1' : 'SEG2',
                  seat_number: `${n + 1}A`,
                },
              ],
            })
          : host.ok('POST', `/orders/${id}/services`, { services: [{ ...BAG, amount: n }] }),
      ),
    );
    const events = await since(id, 1);
    expect(events).toHaveLength(24);
    const kinds = events.map(({ type }, index) => [type, events[index + 1]?.type]);
    for (const [type, next] of kinds.filter(([first]) => first !== 'OrderChanged'))
      expect([type, next]).toEqual([type, 'OrderChanged']);
    const totals = events.map(({ data }) => data.total_amount);
    expect(totals).toEqual([...totals].sort((a, b) => a - b));
    const updates = events.map(({ data }) => data.updated_on);
    expect(updates).toEqual([...updates].sort());
  });
});
