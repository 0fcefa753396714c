import { TestClock } from 'nestjs-webhooks/testing';
import { BookingHost } from '../../../../test/support/booking-host.js';
import { describeDatabases } from '../../../../test/support/databases.js';
import type { TestDatabaseOptions } from '../../../../test/support/databases.js';
import { flight, trip } from '../../../../test/support/trips.js';
import type { BookingConfig } from '../config.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Years go by from test to test: a clock never runs back. */
describeDatabases('milestones of a journey', (database) => {
  const clock = new TestClock();
  let options: TestDatabaseOptions;
  let host: BookingHost;

  async function restart(config: Partial<BookingConfig> = {}): Promise<void> {
    await host.close();
    host = await BookingHost.start(options, { clock, config });
  }

  beforeAll(async () => {
    options = await database.fresh();
    host = await BookingHost.start(options, { clock });
  });
  afterAll(() => host.close());

  async function ticketed(...flights: object[]): Promise<string> {
    const { agw_id: id } = await host.ok('POST', '/orders', trip(...flights));
    await host.ok('POST', `/orders/${id}/ticket`, { card_token: 'tok_visa' });
    return id;
  }

  const advanceTo = (iso: string): void => clock.advance(Date.parse(iso) - clock.now());
  const notice = (id: string, body: object) =>
    host.ok('POST', '/supplier/schedule-changes', {
      ...{ agw_id: id, reason_code: 'RETIMED', confirmed: true },
      ...body,
    });

  /** What the clock has caused of an order so far. */
  async function milestones(id: string): Promise<[string, string][]> {
    await host.drain();
    const events = await host.events(`order:${id}`);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    return events
      .filter(({ type }) => type === 'OrderStarted' || type === 'OrderCompleted')
      .map(({ type, occurredAt }) => [type, occurredAt]);
  }

  /** Nothing a second before each instant, and the event with that instant as soon as it has come. */
  async function expectMilestones(id: string, started: string, completed: string): Promise<void> {
    const all = [
      ['OrderStarted', started],
      ['OrderCompleted', completed],
    ];
    for (const [index, [, instant]] of all.entries()) {
      // The clock of the test runs on between this line and the statement.
      advanceTo(new Date(Date.parse(instant!) - 60_000).toISOString());
      expect(await milestones(id)).toEqual(all.slice(0, index));
      advanceTo(instant!);
      expect(await milestones(id)).toEqual(all.slice(0, index + 1));
    }
    clock.advance(3 * DAY);
    expect(await milestones(id)).toEqual(all);
  }

  it.each([
    {
      what: 'a departure that the clocks skip in spring',
      flight: flight('MAD', '2027-03-28T02:30:00', 'LHR', '2027-03-28T04:45:00'),
      ...{ started: '2027-03-28T01:30:00.000Z', completed: '2027-03-28T03:45:00.000Z' },
    },
    {
      what: 'a departure that the clocks repeat in autumn: the first time',
      flight: flight('MAD', '2027-10-31T02:30:00', 'LHR', '2027-10-31T04:45:00'),
      ...{ started: '2027-10-31T00:30:00.000Z', completed: '2027-10-31T04:45:00.000Z' },
    },
    {
      what: 'a departure that the clocks repeat, the second time, as the supplier says',
      flight: flight('MAD', '2028-10-29T02:30:00+01:00', 'LHR', '2028-10-29T04:45:00'),
      ...{ started: '2028-10-29T01:30:00.000Z', completed: '2028-10-29T04:45:00.000Z' },
    },
    {
      what: 'a landing the calendar day before: Auckland to Honolulu',
      flight: flight('AKL', '2029-07-02T00:50:00', 'HNL', '2029-07-01T11:30:00'),
      ...{ started: '2029-07-01T12:50:00.000Z', completed: '2029-07-01T21:30:00.000Z' },
    },
    {
      what: 'clocks that change by half an hour: Lord Howe',
      flight: flight('LDH', '2030-04-07T01:45:00', 'SYD', '2030-04-07T03:00:00'),
      ...{ started: '2030-04-06T14:45:00.000Z', completed: '2030-04-06T17:00:00.000Z' },
    },
  ])('come once and at their instants with $what', async ({ flight, started, completed }) => {
    await expectMilestones(await ticketed(flight), started, completed);
  });

  it('carry the order as it is when they are due, and nobody as its agent', async () => {
    const id = await ticketed(flight('MAD', '2031-02-01T10:00:00', 'LHR', '2031-02-01T11:30:00'));
    await host.ok('PATCH', `/orders/${id}`, { contact: { phone: '+34911000000' } });
    advanceTo('2031-02-02T00:00:00Z');
    await milestones(id);
    const events = (await host.events(`order:${id}`)).slice(-2);
    const common = {
      ...{ psg_phone: '+34911000000', agent: null, session_id: null },
      order_status: 'ticketed',
    };
    expect(events).toMatchObject([
      { type: 'OrderStarted', tenant: 'nube-travel', data: { ...common, first_segment: { ref: 'SEG1' } } },
      { type: 'OrderCompleted', tenant: 'nube-travel', data: { ...common, last_segment: { ref: 'SEG1' } } },
    ]);
  });

  it('move with a schedule that is put off, and put off again', async () => {
    const id = await ticketed(flight('MAD', '2031-03-01T10:00:00', 'LHR', '2031-03-01T11:30:00'));
    const times = (day: string) => ({
      revised: [{ ref: 'SEG1', departure_local: `${day}T10:00:00`, arrival_local: `${day}T11:30:00` }],
    });
    await notice(id, times('2031-03-03'));
    advanceTo('2031-03-02T00:00:00Z');
    expect(await milestones(id)).toEqual([]);
    await notice(id, times('2031-03-05'));
    advanceTo('2031-03-04T00:00:00Z');
    expect(await milestones(id)).toEqual([]);
    await expectMilestones(id, '2031-03-05T09:00:00.000Z', '2031-03-05T11:30:00.000Z');
  });

  it('move with a schedule that is brought forward', async () => {
    const id = await ticketed(flight('MAD', '2031-05-10T10:00:00', 'LHR', '2031-05-10T11:30:00'));
    const revised = { departure_local: '2031-05-08T10:00:00', arrival_local: '2031-05-08T11:30:00' };
    await notice(id, { revised: [{ ref: 'SEG1', ...revised }] });
    await expectMilestones(id, '2031-05-08T08:00:00.000Z', '2031-05-08T10:30:00.000Z');
  });

  it('come at once, with their true instants, when the schedule is moved into the past', async () => {
    const id = await ticketed(flight('MAD', '2031-06-10T10:00:00', 'LHR', '2031-06-10T11:30:00'));
    advanceTo('2031-06-05T00:00:00Z');
    const revised = { departure_local: '2031-06-04T10:00:00', arrival_local: '2031-06-04T11:30:00' };
    await notice(id, { revised: [{ ref: 'SEG1', ...revised }] });
    const all = [
      ['OrderStarted', '2031-06-04T08:00:00.000Z'],
      ['OrderCompleted', '2031-06-04T10:30:00.000Z'],
    ];
    expect(await milestones(id)).toEqual(all);
    clock.advance(30 * DAY);
    expect(await milestones(id)).toEqual(all);
  });

  it('leave the beginning alone when the end moves under way', async () => {
    const back = { ...flight('LHR', '2032-01-20T10:00:00', 'MAD', '2032-01-20T13:30:00'), leg: 2 };
    const id = await ticketed(flight('MAD', '2032-01-10T10:00:00', 'LHR', '2032-01-10T11:30:00'), back);
    advanceTo('2032-01-15T00:00:00Z');
    const started = ['OrderStarted', '2032-01-10T09:00:00.000Z'];
    expect(await milestones(id)).toEqual([started]);
    const later = { ...back, departure_local: '2032-01-25T10:00:00', arrival_local: '2032-01-25T13:30:00' };
    await host.ok('PATCH', `/orders/${id}`, { itinerary: { segments: [later], amount_delta: 0 } });
    advanceTo('2032-01-24T00:00:00Z');
    expect(await milestones(id)).toEqual([started]);
    advanceTo('2032-01-26T00:00:00Z');
    expect(await milestones(id)).toEqual([started, ['OrderCompleted', '2032-01-25T12:30:00.000Z']]);
  });

  it('go by the flights that are left when others are cancelled', async () => {
    const back = { ...flight('LHR', '2032-03-20T10:00:00', 'MAD', '2032-03-20T13:30:00'), leg: 2 };
    const id = await ticketed(flight('MAD', '2032-03-10T10:00:00', 'LHR', '2032-03-10T11:30:00'), back);
    await notice(id, { cancelled: ['SEG1'], reason_code: 'CANCELLED' });
    await expectMilestones(id, '2032-03-20T10:00:00.000Z', '2032-03-20T12:30:00.000Z');
  });

  it('end with the landing that is the last, not with that of the flight that leaves last', async () => {
    const out = flight('MAD', '2032-04-10T10:00:00', 'LHR', '2032-04-10T11:30:00');
    const on = flight('LHR', '2032-04-10T13:00:00', 'EDI', '2032-04-10T14:30:00');
    const id = await ticketed(out, on);
    // The airline tells of the first flight now, and of the connection that is missed some other time.
    await notice(id, { revised: [{ ref: 'SEG1', arrival_local: '2032-04-10T18:00:00' }] });
    await expectMilestones(id, '2032-04-10T08:00:00.000Z', '2032-04-10T17:00:00.000Z');
    const [completed] = (await host.events(`order:${id}`)).slice(-1);
    expect(completed).toMatchObject({ data: { last_segment: { ref: 'SEG1' } } });
  });

  it('never come when all flights are cancelled, the order is cancelled, or it was never ticketed', async () => {
    const out = flight('MAD', '2032-05-10T10:00:00', 'LHR', '2032-05-10T11:30:00');
    const withoutFlights = await ticketed(out);
    await notice(withoutFlights, { cancelled: ['SEG1'], reason_code: 'CANCELLED' });
    const cancelled = await ticketed(out);
    const other = await ticketed(out);
    await host.ok('POST', `/orders/${cancelled}/cancel`, {});
    const { agw_id: held } = await host.ok('POST', '/orders', trip(out));
    advanceTo('2033-01-01T00:00:00Z');
    for (const id of [withoutFlights, cancelled, held]) expect(await milestones(id)).toEqual([]);
    // One order's cancellation takes back nothing of another's.
    expect(await milestones(other)).toHaveLength(2);
  });

  it('stop half-way when an order is cancelled under way', async () => {
    const back = { ...flight('LHR', '2033-02-20T10:00:00', 'MAD', '2033-02-20T13:30:00'), leg: 2 };
    const id = await ticketed(flight('MAD', '2033-02-10T10:00:00', 'LHR', '2033-02-10T11:30:00'), back);
    advanceTo('2033-02-12T00:00:00Z');
    const started = [['OrderStarted', '2033-02-10T09:00:00.000Z']];
    expect(await milestones(id)).toEqual(started);
    await host.ok('POST', `/orders/${id}/cancel`, {});
    const schedules = await host.query(`SELECT type, state FROM webhooks_schedules WHERE key = '${id}'`);
    expect(schedules).toContainEqual({ type: 'OrderCompleted', state: 'canceled' });
    advanceTo('2033-03-01T00:00:00Z');
    expect(await milestones(id)).toEqual(started);
  });

  it('come in spite of days in which nothing ran, each once and with its true instant', async () => {
    const id = await ticketed(flight('MAD', '2033-06-10T10:00:00', 'LHR', '2033-06-10T11:30:00'));
    await host.close();
    advanceTo('2033-06-20T00:00:00Z');
    host = await BookingHost.start(options, { clock });
    const all = [
      ['OrderStarted', '2033-06-10T08:00:00.000Z'],
      ['OrderCompleted', '2033-06-10T10:30:00.000Z'],
    ];
    expect(await milestones(id)).toEqual(all);
    await restart();
    expect(await milestones(id)).toEqual(all);
  });

  it('survive a reissue as they are', async () => {
    const id = await ticketed(flight('MAD', '2034-06-10T10:00:00', 'LHR', '2034-06-10T11:30:00'));
    await host.ok('POST', `/orders/${id}/ticket`, { reissue: true });
    await expectMilestones(id, '2034-06-10T08:00:00.000Z', '2034-06-10T10:30:00.000Z');
  });

  it('end at the last departure where the app is told so, and still after the beginning', async () => {
    await restart({ completedAt: 'departure' });
    const id = await ticketed(flight('MAD', '2035-06-10T10:00:00', 'LHR', '2035-06-10T11:30:00'));
    advanceTo(new Date(Date.parse('2035-06-10T08:00:00Z') + HOUR).toISOString());
    expect(await milestones(id)).toEqual([
      ['OrderStarted', '2035-06-10T08:00:00.000Z'],
      ['OrderCompleted', '2035-06-10T08:00:00.000Z'],
    ]);
  });
});
