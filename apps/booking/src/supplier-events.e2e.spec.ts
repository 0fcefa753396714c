import { BookingHost } from '../../../test/support/booking-host.js';
import type { StoredEvent } from '../../../test/support/booking-host.js';
import { describeDatabases } from '../../../test/support/databases.js';
import { BAG, FAMILY, SEAT } from '../../../test/support/trips.js';

const RETIMED = {
  ref: 'SEG1',
  departure_local: '2036-04-18T13:20:00',
  arrival_local: '2036-04-18T14:50:00',
};

const SUBJECT = `{{pnr}} "<b>' \u202e\\ 航班变更 \u{1f6eb}`;
const KEPT_SUBJECT = `${SUBJECT}\ufffd\ufffd`;
const EMAIL = {
  ...{ consumer_id: 'nube-travel', category: 'Schedule change' },
  ...{ from: 'noreply@airline.example', to: 'nube-travel@inbox.example' },
  // The last two are what no database keeps.
  subject: `${SUBJECT}\0\ud800`,
  link: 'https://mail.example/m/1?sig=4f1e',
  ...{ link_expires_at: '2036-03-29T23:40:00+01:00', received_at: '2036-03-29T21:40:00Z' },
};

describeDatabases('supplier events', (database) => {
  let host: BookingHost;

  beforeAll(async () => {
    host = await BookingHost.start(await database.fresh());
  });
  afterAll(() => host.close());

  async function ticketed(): Promise<string> {
    const { agw_id: id } = await host.ok('POST', '/orders', FAMILY);
    await host.ok('POST', `/orders/${id}/ticket`, { card_token: 'tok_visa' });
    return id;
  }

  const notice = (id: string, body: object) =>
    host.ok('POST', '/supplier/schedule-changes', {
      ...{ agw_id: id, reason_code: 'RETIMED', confirmed: true },
      ...body,
    });
  const capture = (body: object) => host.ok('POST', '/supplier/emails', { ...EMAIL, ...body });
  const detect = (body: object) => host.ok('POST', '/supplier/incidents', body);
  const airlines = (codes: string[], status: string) =>
    host.ok('PUT', '/supplier/airlines', { airlines: codes, status });

  async function latest(id: string, type: string): Promise<StoredEvent[]> {
    const events = await host.events(`order:${id}`);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    return events.filter((event) => event.type === type);
  }

  describe('ScheduleChanged', () => {
    it('tells what was, what is and what was bought, and how late it gets', async () => {
      const id = await ticketed();
      await host.ok('PATCH', `/orders/${id}`, { services: { add: [BAG] }, seats: { add: [SEAT] } });
      const deadline = {
        action_deadline: '2036-04-10T22:00:00+02:00',
        action_if_none: 'The new times apply.',
      };
      expect(await notice(id, { revised: [RETIMED], ...deadline })).toMatchObject({ changed: true });
      const [event] = await latest(id, 'ScheduleChanged');
      expect(event).toMatchObject({
        tenant: 'nube-travel',
        data: {
          ...{ schedule_change_type: 'schedule_change', schedule_change_code: 1, reason_code: 'RETIMED' },
          ...{ confirmed: true, max_delay_minutes: 95, reason: expect.stringContaining('another time') },
          ...{ action_required: true, action_deadline: '2036-04-10T20:00:00Z' },
          action_if_none: 'The new times apply.',
          previous_segments: [{ ref: 'SEG1', status: 'HK', departure_at: '2036-04-18T09:45:00Z' }],
          revised_segments: [{ ref: 'SEG1', status: 'TK', departure_at: '2036-04-18T11:20:00Z' }],
          segments: [
            { ref: 'SEG1', status: 'TK' },
            { ref: 'SEG2', status: 'HK' },
          ],
          services: [{ segment_ref: 'SEG1' }],
          seats: [{ segment_ref: 'SEG1' }],
          ...{ order_status: 'ticketed', agent: null, agent_email: null, session_id: null },
        },
      });
      expect(event?.data.revised_segments).toHaveLength(1);
      expect((await host.events(`order:${id}`)).at(-1)?.type).toBe('ScheduleChanged');
    });

    it('keeps what was bought through all later changes, also those of the traveller', async () => {
      const id = await ticketed();
      await notice(id, { revised: [RETIMED] });
      const later = { departure_local: '2036-04-20T11:45:00', arrival_local: '2036-04-20T13:15:00' };
      await host.ok('PATCH', `/orders/${id}`, {
        itinerary: { segments: [{ ...FAMILY.segments[0], ...later }], amount_delta: 0 },
      });
      await notice(id, { revised: [{ ref: 'SEG3', departure_local: '2036-04-20T11:15:00' }] });
      await notice(id, { cancelled: ['SEG2'], reason_code: 'CANCELLED' });
      const [first, second, third] = await latest(id, 'ScheduleChanged');
      expect(first?.data.original_segments).toMatchObject([{ ref: 'SEG1', status: 'HK' }, { ref: 'SEG2' }]);
      expect(second?.data.original_segments).toEqual(first?.data.original_segments);
      expect(third?.data.original_segments).toEqual(first?.data.original_segments);
      expect(second?.data).toMatchObject({ max_delay_minutes: 0, previous_segments: [{ ref: 'SEG3' }] });
      expect(third?.data).toMatchObject({
        ...{ schedule_change_type: 'flight_cancel', schedule_change_code: 2, max_delay_minutes: null },
        ...{ revised_segments: [], full_path: 'MAD-LHR', booking_type: 'One Way', destination: 'LHR' },
        ...{ action_required: false, action_deadline: null, action_if_none: null },
      });
    });

    it('still knows the trip when every flight of it is cancelled', async () => {
      const id = await ticketed();
      await notice(id, { cancelled: ['SEG1', 'SEG2'], reason_code: 'CANCELLED' });
      const [event] = await latest(id, 'ScheduleChanged');
      expect(event?.data).toMatchObject({
        ...{ full_path: 'MAD-LHR, LHR-MAD', booking_type: 'Round Trip', order_status: 'ticketed' },
        segments: [{ status: 'UN' }, { status: 'UN' }],
      });
    });

    it('is of what changed, whatever else a notice repeats', async () => {
      const id = await ticketed();
      await notice(id, { cancelled: ['SEG2'], reason_code: 'CANCELLED' });
      await notice(id, { revised: [RETIMED], cancelled: ['SEG2'] });
      const back = { ref: 'SEG2', departure_local: '2036-04-25T19:20:00' };
      await notice(id, { revised: [back], cancelled: ['SEG1'] });
      const events = await latest(id, 'ScheduleChanged');
      expect(events.map(({ data }) => [data.schedule_change_type, data.schedule_change_code])).toEqual([
        ['flight_cancel', 2],
        ['schedule_change', 1],
        ['flight_cancel', 2],
      ]);
      expect(events[1]?.data).toMatchObject({
        previous_segments: [{ ref: 'SEG1', status: 'HK' }],
        revised_segments: [{ ref: 'SEG1', status: 'TK' }],
      });
    });

    it('tells a notice once, however often the airline repeats it', async () => {
      const id = await ticketed();
      const bodies = [{ revised: [RETIMED] }, { revised: [RETIMED] }, { revised: [RETIMED] }];
      const answers = await Promise.all(bodies.map((body) => notice(id, body)));
      expect(answers.filter(({ changed }) => changed)).toHaveLength(1);
      const ofOrder = `SELECT c.id FROM schedule_changes c JOIN orders o ON o.id = c.order_id WHERE o.agw_id = '${id}'`;
      expect(await host.query(ofOrder)).toHaveLength(1);
      expect(await latest(id, 'ScheduleChanged')).toHaveLength(1);
    });

    it('takes the airport for the zone when a flight goes elsewhere, and says when it knows none', async () => {
      const id = await ticketed();
      await notice(id, { revised: [{ ref: 'SEG1', destination: 'CDG' }], reason_code: 'REROUTED' });
      const [event] = await latest(id, 'ScheduleChanged');
      expect(event?.data.revised_segments).toMatchObject([
        {
          arrival_tz: 'Europe/Paris',
          arrival_local: '2036-04-18T13:15:00',
          arrival_at: '2036-04-18T11:15:00Z',
        },
      ]);
      const refused = await host.call('POST', '/supplier/schedule-changes', {
        ...{ agw_id: id, reason_code: 'REROUTED', confirmed: true },
        revised: [{ ref: 'SEG1', destination: 'XQX' }],
      });
      expect(refused).toMatchObject({ status: 422, body: { code: 'AIRPORT_UNKNOWN' } });
      expect(refused.body.message).toContain('XQX');
    });
  });

  describe('AirlineStatusChanged', () => {
    it('tells everybody of each airline by itself, when it changed', async () => {
      await airlines(['TO', 'HV', 'TO'], 'Maintenance');
      await airlines(['HV', 'TO'], 'Maintenance');
      await airlines(['VY'], 'Active');
      // Bridged events are stored after the answer.
      await host.drain();
      await airlines(['HV'], 'Inactive');
      await host.drain();
      const events = (await host.events()).filter(({ type }) => type === 'AirlineStatusChanged');
      expect(events).toMatchObject([
        {
          ...{ tenant: '*', subject: 'airline:HV', sequence: 1 },
          data: { airlines: ['HV'], airline_status: 'Maintenance', previous_airline_status: 'Active' },
        },
        {
          ...{ tenant: '*', subject: 'airline:HV', sequence: 2 },
          data: { airline_status: 'Inactive', previous_airline_status: 'Maintenance' },
        },
        { tenant: '*', subject: 'airline:TO', sequence: 1, data: { airlines: ['TO'] } },
      ]);
      expect(Object.keys(events[0]?.data)).toHaveLength(3);
    });
  });

  describe('EmailCaptured', () => {
    it('tells of a mail with the order it belongs to, sign by sign', async () => {
      const id = await ticketed();
      const { email_id } = await capture({ unique_code: `known-${id}`, agw_id: id });
      expect(await latest(id, 'EmailCaptured')).toMatchObject([
        {
          tenant: 'nube-travel',
          data: {
            ...{ agw_id: id, email_id, email_category: 'Schedule change', email_subject: KEPT_SUBJECT },
            ...{ email_from: EMAIL.from, email_to: EMAIL.to, email_link: EMAIL.link },
            ...{ email_link_expires_at: '2036-03-29T22:40:00Z', email_received_at: '2036-03-29T21:40:00Z' },
            ...{ order_status: 'ticketed', agent: null, session_id: null },
          },
        },
      ]);
    });

    it.each([
      { what: 'no order', agw_id: undefined },
      { what: 'an order that the consumer does not have', agw_id: 'AGW-0000000000' },
    ])('tells of a mail of $what without an order and without a number', async ({ what, agw_id }) => {
      const { email_id } = await capture({ unique_code: what, agw_id });
      const events = (await host.events()).filter(({ data }) => data.email_id === email_id);
      expect(events).toMatchObject([{ subject: null, sequence: null, tenant: 'nube-travel' }]);
      const { data } = events[0]!;
      const known = Object.entries(data).filter(
        ([name, value]) => !name.startsWith('email_') && value !== null,
      );
      expect({ agw_id: data.agw_id, known }).toEqual({ agw_id: null, known: [] });
    });

    it('tells of one mail once, however often and at once the poller finds it', async () => {
      const id = await ticketed();
      const found = Array.from({ length: 6 }, () => capture({ unique_code: `often-${id}`, agw_id: id }));
      const ids = (await Promise.all(found)).map(({ email_id }) => email_id);
      expect(new Set(ids).size).toBe(1);
      expect(await latest(id, 'EmailCaptured')).toHaveLength(1);
    });

    it('keeps the same mail for each consumer in whose mailbox it is found', async () => {
      await host.query(`INSERT INTO consumers VALUES ('sol', 'Sol', 'ops@sol.example', NULL, 'ES')`);
      const unique_code = 'to-both';
      const first = await capture({ unique_code });
      const other = { consumer_id: 'sol', to: 'sol@inbox.example', unique_code };
      const second = await capture(other);
      expect(second.email_id).not.toBe(first.email_id);
      expect(await capture({ unique_code })).toEqual(first);
      expect(await capture(other)).toEqual(second);
      const events = (await host.events()).filter(({ data }) =>
        [first.email_id, second.email_id].includes(data.email_id),
      );
      const told = events.map(({ tenant, data }) => [tenant, data.email_id, data.email_to]);
      expect(told).toHaveLength(2);
      expect(told).toEqual(
        expect.arrayContaining([
          ['nube-travel', first.email_id, EMAIL.to],
          ['sol', second.email_id, other.to],
        ]),
      );
    });
  });

  describe('IncidentDetected', () => {
    it('opens one incident for an order, a type and evidence, and another when that is closed', async () => {
      const id = await ticketed();
      const lost = { agw_id: id, type: 'abnormal.cancelled', evidence: 'run-7', vendor_refund: 'FULLY' };
      const found = await Promise.all([detect(lost), detect(lost), detect(lost)]);
      expect(new Set(found.map(({ incident_id }) => incident_id)).size).toBe(1);
      await detect({ ...lost, evidence: 'run-8' });
      await host.ok('PATCH', `/supplier/incidents/${found[0].incident_id}`, { closed: true });
      const again = await detect(lost);
      expect(again.incident_id).not.toBe(found[0].incident_id);
      const events = await latest(id, 'IncidentDetected');
      expect(events).toHaveLength(3);
      expect(events[0]?.data).toMatchObject({
        ...{ incident_id: found[0].incident_id, incident_type: 'abnormal.cancelled' },
        ...{ incident_confirmed: false, vendor_refund: 'FULLY', agw_id: id },
        ...{ email_subject: null, email_link: null, previous_segments: null, revised_segments: null },
      });
    });

    it('tells again when it is confirmed, by either way and once', async () => {
      const id = await ticketed();
      const lost = { agw_id: id, type: 'abnormal.cancelled', evidence: 'run-9' };
      const { incident_id } = await detect(lost);
      await detect({ ...lost, confirmed: true });
      await host.ok('PATCH', `/supplier/incidents/${incident_id}`, { confirmed: true });
      const told = (await latest(id, 'IncidentDetected')).map(({ data }) => [
        data.incident_id,
        data.incident_confirmed,
      ]);
      expect(told).toEqual([
        [incident_id, false],
        [incident_id, true],
      ]);
    });

    it('carries the mail or the flights that it was seen by', async () => {
      const id = await ticketed();
      const { email_id } = await capture({ unique_code: `evidence-${id}`, agw_id: id });
      const { schedule_change_id } = await notice(id, { revised: [RETIMED] });
      await detect({ agw_id: id, type: 'email.schedulechange', evidence: email_id });
      await detect({ agw_id: id, type: 'order.schedulechange', evidence: schedule_change_id });
      const [mail, flights] = (await latest(id, 'IncidentDetected')).map(({ data }) => data);
      expect(mail).toMatchObject({
        ...{ email_subject: KEPT_SUBJECT, email_link: EMAIL.link, vendor_refund: null },
        ...{ email_link_expires_at: '2036-03-29T22:40:00Z', previous_segments: null },
      });
      expect(flights).toMatchObject({
        previous_segments: [{ ref: 'SEG1', status: 'HK' }],
        revised_segments: [{ ref: 'SEG1', status: 'TK' }],
        email_subject: null,
      });
    });

    it('refuses evidence that the order does not have', async () => {
      const id = await ticketed();
      const body = { agw_id: id, type: 'email.schedulechange', evidence: 'nothing' };
      const answer = await host.call('POST', '/supplier/incidents', body);
      expect(answer).toMatchObject({ status: 422, body: { code: 'BOOKING_INVALID' } });
      expect(await host.call('PATCH', '/supplier/incidents/none', { closed: true })).toMatchObject({
        status: 404,
        body: { code: 'INCIDENT_NOT_FOUND' },
      });
    });
  });
});
