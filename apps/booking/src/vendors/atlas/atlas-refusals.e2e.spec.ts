import { BookingHost } from '../../../../../test/support/booking-host.js';
import { describeDatabases } from '../../../../../test/support/databases.js';
import { SEED } from '../../database/seed.js';

const URL_OF_CLIENT = 'https://client.example/atlas';
const { cid, secret } = SEED.atlas;
const CLIENT = { 'x-atlas-client-id': cid, 'x-atlas-client-secret': secret };
const REFUSED = { status: 200, body: { status: 1, msg: expect.any(String) as unknown } };

describeDatabases("Atlas' façade refuses", (database) => {
  let host: BookingHost;

  const register = (body: object | undefined, headers: object = CLIENT) =>
    host.call('POST', '/atlas/updateWebhookURL.do', body, headers);
  const list = (body: object, headers: object = CLIENT) =>
    host.call('POST', '/atlas/event/getPageList.do', body, headers);

  /** Where the notifications go. */
  async function targets(): Promise<string[]> {
    const { items } = await host.ok('GET', '/webhooks/subscriptions');
    return [
      ...new Set<string>(items.map((item: { http_request: { url: string } }) => item.http_request.url)),
    ];
  }

  beforeAll(async () => {
    host = await BookingHost.start(await database.fresh());
    await register({ url: URL_OF_CLIENT });
  });
  afterAll(() => host.close());
  afterEach(async () => expect(await targets()).toEqual([URL_OF_CLIENT]));

  it.each([
    { what: 'nobody', headers: {} },
    { what: 'a client that there is not', headers: { ...CLIENT, 'x-atlas-client-id': 'sol' } },
    { what: 'another secret', headers: { ...CLIENT, 'x-atlas-client-secret': 'guess' } },
    { what: 'no secret', headers: { 'x-atlas-client-id': cid } },
  ])('$what, by a status of its own', async ({ headers }) => {
    const unknown = { status: 200, body: { status: 2, msg: expect.any(String) } };
    expect(await register({ url: 'https://other.example/' }, headers)).toEqual(unknown);
    expect(await list({ pageSize: 1 }, headers)).toEqual(unknown);
  });

  it.each([
    { body: {}, what: 'no URL' },
    { body: undefined, what: 'no body' },
    { body: { url: 7 }, what: 'a URL that is none' },
    { body: { url: 'http://10.0.0.1/' }, what: 'a URL in a private network' },
    { body: { cid: 'other', url: 'https://other.example/' }, what: 'the cid of another client' },
  ])('$what, and keeps what was registered', async ({ body }) => {
    expect(await register(body)).toEqual(REFUSED);
  });

  it.each([
    { query: {}, what: 'no pageSize' },
    { query: { pageSize: 101 }, what: 'too large a page' },
    { query: { pageSize: 1, eventTimeStart: '2036-04-18T11:45:00Z' }, what: 'a time in another form' },
    { query: { pageSize: 1, eventTimeEnd: '2026-13-40 00:00:00' }, what: 'a month that there is not' },
    { query: { pageSize: 1, updateTimeStart: '2026-02-30 00:00:00' }, what: 'a day that there is not' },
    { query: { pageSize: 1, depTimeEnd: '2026-04-18 25:00:00' }, what: 'an hour that there is not' },
    { query: { pageSize: 1, depTimeStart: 7 }, what: 'a number for a time' },
    { query: { pageSize: 1, eventStatus: [2] }, what: 'a status that there is not' },
    { query: { pageSize: 1, flight: 'IB3166' }, what: 'a filter that there is not' },
  ])('a query with $what', async ({ query }) => {
    expect(await list(query)).toEqual(REFUSED);
  });
});
