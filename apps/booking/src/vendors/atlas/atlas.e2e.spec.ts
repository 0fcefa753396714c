import { BookingHost } from '../../../../../test/support/booking-host.js';
import { describeDatabases } from '../../../../../test/support/databases.js';
import { BAG, FAMILY } from '../../../../../test/support/trips.js';
import { SEED } from '../../database/seed.js';

const URL_OF_CLIENT = 'https://client.example/atlas';
const { cid, secret } = SEED.atlas;
const CLIENT = { 'x-atlas-client-id': cid, 'x-atlas-client-secret': secret };
const SUCCESS = { status: 0, msg: 'success' };
const MAIL = {
  ...{ consumer_id: SEED.consumer.id, category: 'Schedule change', unique_code: 'c0ffee' },
  ...{ from: 'noreply@ib.example', to: 'nube-travel@inbox.example' },
  subject: `{{pnr}} "<b>' \u202e\\ 航班变更`,
  link: 'https://mail.example/m/1?sig=4f1e&b=c',
  ...{ link_expires_at: '2036-03-29T23:40:00+01:00', received_at: '2036-03-29T22:40:00+01:00' },
};
const RETIMED = {
  ...{ ref: 'SEG1', departure_local: '2036-04-18T13:20:00', arrival_local: '2036-04-18T14:50:00' },
};
const LHR = {
  arrAirport: 'LHR',
  arrTerminal: '',
  carrier: 'IB',
  flightNumber: 'IB3166',
  codeShare: false,
  direction: 1,
};
const OUT = {
  ...{ depAirport: 'MAD', depTerminal: '', depTime: '2036-04-18 11:45:00', arrTime: '2036-04-18 13:15:00' },
  ...LHR,
};
const OUT_LATER = { ...OUT, depTime: '2036-04-18 13:20:00', arrTime: '2036-04-18 14:50:00' };
const BACK = {
  ...{ depAirport: 'LHR', depTerminal: '', depTime: '2036-04-25 18:20:00' },
  ...{ arrAirport: 'MAD', arrTerminal: '', arrTime: '2036-04-25 21:45:00' },
  ...{ carrier: 'IB', flightNumber: 'IB3163', codeShare: false, direction: 2 },
};
const ATLAS_TIME = expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/) as unknown;

interface Sent {
  readonly url: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const statusOf = ({ body }: Sent): unknown => body['status'];
const orderOf = ({ body }: Sent): unknown => (body['data'] as Record<string, unknown>)['orderNo'];

/** All of a type, in the order of what they say: it is nobody's promise that the first one is sent first. */
function inTurn(all: Sent[], type: string, said: (one: Sent) => unknown, order: unknown[]): Sent[] {
  const found = all.filter((one) => one.type === type);
  expect(new Set(found.map(said))).toEqual(new Set(order));
  expect(found).toHaveLength(order.length);
  return found.sort((one, other) => order.indexOf(said(one)) - order.indexOf(said(other)));
}

describeDatabases("Atlas' façade", (database) => {
  let host: BookingHost;

  const register = (body: object | undefined, headers: object = CLIENT) =>
    host.call('POST', '/atlas/updateWebhookURL.do', body, headers);

  async function sent(): Promise<Sent[]> {
    await host.drain();
    return host.transport.requests.map(({ url, body }) => {
      const read = JSON.parse(String(body));
      return { url, type: read.type, body: read };
    });
  }

  async function ticketed(): Promise<string> {
    const { agw_id } = await host.ok('POST', '/orders', FAMILY);
    await host.ok('POST', `/orders/${agw_id}/services`, { services: [BAG] });
    await host.ok('POST', `/orders/${agw_id}/ticket`, { card_token: 'tok_visa' });
    return agw_id;
  }

  beforeEach(async () => (host = await BookingHost.start(await database.fresh())));
  afterEach(() => host.close());

  it('registers one URL for everything, answers as Atlas does, and changes it later', async () => {
    expect(await register({ cid, url: 'https://client.example/old' })).toEqual({
      status: 200,
      body: SUCCESS,
    });
    expect(await register({ url: URL_OF_CLIENT })).toEqual({ status: 200, body: SUCCESS });
    await ticketed();
    await host.ok('PUT', '/supplier/airlines', { airlines: ['TO'], status: 'Maintenance' });
    expect((await sent()).map(({ url }) => url)).toEqual([URL_OF_CLIENT, URL_OF_CLIENT]);
  });

  it('sends order.ticketed, with no passport data in its members', async () => {
    await register({ url: URL_OF_CLIENT });
    const orderNo = await ticketed();
    const { pnr, passengers } = await host.ok('GET', `/orders/${orderNo}`);
    const nothing = {
      birthday: '',
      gender: '',
      cardNum: '',
      cardType: '',
      cardIssuePlace: '',
      cardExpired: '',
    };
    const pax = (index: number, passengerType: number, ancillaries: string[] = []) => ({
      name: passengers[index].name,
      ...{ passengerType, ...nothing, nationality: '' },
      ...{ ticketNos: passengers[index].ticket_numbers, airlinePNRs: [pnr], ancillaries },
    });
    expect((await sent()).map(({ body }) => body)).toEqual([
      {
        ...{ cid, type: 'order.ticketed', status: -1 },
        data: { orderNo, orderStatus: 2, paxTicketInfos: [pax(0, 0, ['0C3']), pax(1, 0), pax(2, 1)] },
      },
    ]);
  });

  it('sends order.schedulechange of what an airline does to a flight', async () => {
    await register({ url: URL_OF_CLIENT });
    const orderNo = await ticketed();
    const notice = { agw_id: orderNo, reason_code: 'RETIMED', confirmed: true };
    await host.ok('POST', '/supplier/schedule-changes', { ...notice, revised: [RETIMED] });
    const cancelled = { cancelled: ['SEG2'], reason_code: 'CANCELLED', confirmed: false };
    await host.ok('POST', '/supplier/schedule-changes', { ...notice, ...cancelled });

    const [first, second] = inTurn(await sent(), 'order.schedulechange', statusOf, [1, 0]);
    const common = { cid, notificationId: expect.stringMatching(/^evt_/), type: 'order.schedulechange' };
    expect(first?.body).toEqual({
      ...{ ...common, status: 1 },
      data: {
        ...{ orderNo, scheduleChangeType: 1, previousSegs: [OUT], revisedSegs: [OUT_LATER] },
        originalSegs: [OUT, BACK],
      },
    });
    expect(second?.body).toEqual({
      ...{ ...common, status: 0 },
      data: {
        orderNo,
        scheduleChangeType: 2,
        previousSegs: [BACK],
        revisedSegs: [],
        originalSegs: [OUT, BACK],
      },
    });
  });

  it('sends airline.status to whom it concerns: everybody, without cid and notificationId', async () => {
    await register({ url: URL_OF_CLIENT });
    await host.ok('PUT', '/supplier/airlines', { airlines: ['TO', 'HV'], status: 'Inactive' });
    const bodies = (await sent()).map(({ body }) => body);
    const of = (airline: string) => ({
      ...{ type: 'airline.status', status: -1 },
      data: { airline: [airline], airlineStatus: 'Inactive' },
    });
    expect(bodies).toHaveLength(2);
    expect(bodies).toEqual(expect.arrayContaining([of('TO'), of('HV')]));
  });

  it('sends email.all of a captured mail, whatever its subject, with or without an order', async () => {
    await register({ url: URL_OF_CLIENT });
    const orderNo = await ticketed();
    const { email_id } = await host.ok('POST', '/supplier/emails', { ...MAIL, agw_id: orderNo });
    await host.ok('POST', '/supplier/emails', { ...MAIL, unique_code: 'c0ffef' });

    const [known, unknown] = inTurn(await sent(), 'email.all', orderOf, [orderNo, null]);
    const data = {
      ...{ emailReceivingDate: '2036-03-29 21:40:00', emailCategory: 'Schedule change' },
      ...{ from: MAIL.from, to: MAIL.to, emailSubject: MAIL.subject, emailLink: MAIL.link },
      createTime: ATLAS_TIME,
    };
    expect(known?.body).toEqual({
      ...{ cid, notificationId: expect.stringMatching(/^evt_/), type: 'email.all', status: -1 },
      data: { ...data, orderNo, uniqueCode: email_id },
    });
    expect(unknown?.body['data']).toMatchObject({ ...data, orderNo: null });
  });

  describe('of incidents', () => {
    interface Scene {
      readonly orderNo: string;
      readonly pnr: string;
      /** By their types. */
      readonly ids: Readonly<Record<string, string>>;
    }

    /** An order with an incident of each kind, the first confirmed. */
    async function incidents(): Promise<Scene> {
      const orderNo = await ticketed();
      const { pnr } = await host.ok('GET', `/orders/${orderNo}`);
      const found = { ...MAIL, agw_id: orderNo, unique_code: orderNo };
      const mail = await host.ok('POST', '/supplier/emails', found);
      const notice = { agw_id: orderNo, reason_code: 'RETIMED', confirmed: true, revised: [RETIMED] };
      const change = await host.ok('POST', '/supplier/schedule-changes', notice);
      const wishes = [
        { type: 'email.schedulechange', evidence: mail.email_id, confirmed: true },
        { type: 'order.schedulechange', evidence: change.schedule_change_id },
        { type: 'abnormal.cancelled', evidence: 'job-7', vendor_refund: 'FULLY' },
      ];
      const ids: Record<string, string> = {};
      for (const wish of wishes) {
        // A leap takes the leases of what is under way.
        await sent();
        host.clock.advance(60_000);
        const { incident_id } = await host.ok('POST', '/supplier/incidents', { agw_id: orderNo, ...wish });
        ids[wish.type] = incident_id;
      }
      return { orderNo, pnr, ids };
    }

    const list = async (query: object, headers: object = CLIENT) =>
      (await host.call('POST', '/atlas/event/getPageList.do', { pageSize: 10, ...query }, headers)).body;
    const types = async (query: object): Promise<string[]> =>
      (await list(query)).records.map(({ eventType }: { eventType: string }) => eventType);

    it('sends each under its name, with the state of the incident', async () => {
      await register({ url: URL_OF_CLIENT });
      const { orderNo, ids } = await incidents();
      const found = (await sent()).filter(({ body }) =>
        Object.values(ids).includes(String(body['notificationId'])),
      );
      const head = (type: string, status: number) => ({ cid, notificationId: ids[type], type, status });
      expect(found.map(({ body }) => body)).toEqual([
        {
          ...head('email.schedulechange', 1),
          data: { orderNo, emailSubject: MAIL.subject, emailLink: MAIL.link },
        },
        {
          ...head('order.schedulechange', 0),
          data: { orderNo, previousSegs: [OUT], revisedSegs: [OUT_LATER], scheduleChangeType: 1 },
        },
        { ...head('abnormal.cancelled', 0), data: { orderNo, vendorRefundInformation: 'FULLY' } },
      ]);
    });

    it('finds them by each of the documented filters', async () => {
      const { orderNo, pnr, ids } = await incidents();
      await incidents();
      const all = ['abnormal.cancelled', 'order.schedulechange', 'email.schedulechange'];
      expect((await list({})).total).toBe(6);
      expect(await types({ orderNo })).toEqual(all);
      expect(await types({ pnr })).toEqual(all);
      expect(await types({ eventId: ids['abnormal.cancelled'] })).toEqual(['abnormal.cancelled']);
      expect(await types({ orderNo, eventType: 'order.schedulechange' })).toEqual(['order.schedulechange']);
      expect(await types({ orderNo, eventStatus: [1] })).toEqual(['email.schedulechange']);
      expect(await types({ orderNo, eventStatus: [0, 1] })).toEqual(all);
      expect(await types({ orderNo, eventStatus: [] })).toEqual([]);
      expect(await types({ orderNo, paxName: 'garcia/ana' })).toEqual(all);
      expect(await types({ orderNo, paxName: 'garcia/eva' })).toEqual([]);
      expect(await types({ orderNo, paxEmail: 'Ana.Garcia@mail.example' })).toEqual(all);
      expect(await types({ orderNo, paxEmail: 'eva@mail.example' })).toEqual([]);
      expect(await types({ orderNo, airline: 'IB' })).toEqual(all);
      expect(await types({ orderNo, airline: 'BA' })).toEqual([]);
      const local = { depTimeStart: '2036-04-18 13:20:00', depTimeEnd: '2036-04-18 13:20:00' };
      expect(await types({ orderNo, ...local })).toEqual(all);
      expect(await types({ orderNo, depTimeStart: '2036-04-25 18:20:01' })).toEqual([]);
      expect(await types({ orderNo, depTimeEnd: '2036-04-18 13:19:59' })).toEqual([]);
    });

    it('takes their times for UTC+08:00, and both ends of a range for a part of it', async () => {
      const { ids } = await incidents();
      const { records } = await list({});
      const [newest, middle, oldest] = records.map(({ eventTime }: { eventTime: string }) => eventTime);
      const { detected_at } = (
        await host.query(`SELECT detected_at FROM incidents WHERE id = '${ids['abnormal.cancelled']}'`)
      )[0]!;
      const hours = Date.parse(`${newest.replace(' ', 'T')}Z`) - Date.parse(String(detected_at));
      expect(Math.round(hours / 3_600_000)).toBe(8);
      expect(await types({ eventTimeStart: middle })).toEqual(['abnormal.cancelled', 'order.schedulechange']);
      expect(await types({ eventTimeEnd: oldest })).toEqual(['email.schedulechange']);
      host.clock.advance(3_600_000);
      await host.ok('PATCH', `/supplier/incidents/${ids['order.schedulechange']}`, { confirmed: true });
      const [{ updateTime }] = (await list({ eventType: 'order.schedulechange' })).records;
      const at = { updateTimeStart: updateTime, updateTimeEnd: updateTime };
      expect(await types(at)).toEqual(['order.schedulechange']);
      expect(await types({ updateTimeEnd: newest })).toEqual(['abnormal.cancelled', 'email.schedulechange']);
    });

    it('says what was sent of each, from the archive', async () => {
      await register({ url: URL_OF_CLIENT });
      host.transport.answer({ status: 204 });
      const { orderNo, ids } = await incidents();
      await host.drain();
      host.transport.answer({ status: 500 });
      await host.ok('PATCH', `/supplier/incidents/${ids['abnormal.cancelled']}`, { confirmed: true });
      await host.drain();
      const webhookId = expect.stringMatching(/^evt_/) as unknown;
      const arrived = { webhookId, state: 'succeeded', attempts: 1, lastStatus: 204 };
      const { records } = await list({ orderNo });
      expect(records.map(({ sent }: { sent: unknown }) => sent)).toEqual([
        [arrived, { webhookId, state: 'pending', attempts: 1, lastStatus: 500 }],
        [arrived],
        [arrived],
      ]);
    });

    it('says it of several orders on a page, to each its own', async () => {
      await register({ url: URL_OF_CLIENT });
      await incidents();
      await incidents();
      await host.drain();
      const { records } = await list({});
      const told = records.map((one: { eventId: string; sent: readonly { webhookId: string }[] }) => [
        one.eventId,
        ...one.sent.map(({ webhookId }) => webhookId),
      ]);
      const events = await host.query(
        `SELECT id, data FROM webhooks_events WHERE type = 'IncidentDetected' ORDER BY position DESC`,
      );
      expect(told).toHaveLength(6);
      expect(told).toEqual(events.map(({ id, data }) => [JSON.parse(String(data)).incident_id, id]));
    });

    it('gives them page by page, the newest first, to nobody but their owner', async () => {
      const { orderNo, pnr, ids } = await incidents();
      expect(await list({ pageSize: 2 })).toMatchObject({ ...SUCCESS, pageIndex: 1, pageSize: 2, total: 3 });
      expect(await list({ pageSize: 2, pageIndex: 2 })).toEqual({
        ...{ ...SUCCESS, pageIndex: 2, pageSize: 2, total: 3 },
        records: [
          {
            ...{ eventId: ids['email.schedulechange'], eventType: 'email.schedulechange', eventStatus: 1 },
            ...{ eventTime: ATLAS_TIME, updateTime: ATLAS_TIME, orderNo, pnr },
            data: { emailSubject: MAIL.subject, emailLink: MAIL.link },
            sent: [],
          },
        ],
      });
      await host.query(`INSERT INTO consumers VALUES ('sol', 'Sol', 'ops@sol.example', NULL, 'ES')`);
      await host.query(`UPDATE atlas_clients SET consumer_id = 'sol'`);
      expect(await list({})).toMatchObject({ ...SUCCESS, records: [], total: 0 });
    });
  });

  it('is who changes the subscriptions, in their history', async () => {
    await register({ url: 'https://client.example/old' });
    await register({ url: URL_OF_CLIENT });
    const actor = `atlas:${cid}`;
    const { items } = await host.ok('GET', '/webhooks/subscriptions');
    for (const { id } of items) {
      const changes = (await host.ok('GET', `/webhooks/subscriptions/${id}/changes`)).items;
      expect(changes).toMatchObject(['update', 'create'].map((action) => ({ action, actor })));
    }
    expect(items.length).toBeGreaterThan(1);
  });

  it('tries a URL that was gone again when it is registered anew', async () => {
    await register({ url: URL_OF_CLIENT });
    host.transport.answer({ status: 410 }, { status: 204 });
    await ticketed();
    await host.drain();
    await ticketed();
    expect(await sent()).toHaveLength(1);
    await register({ url: URL_OF_CLIENT });
    await ticketed();
    expect((await sent()).length).toBeGreaterThan(1);
  });
});
