import { BookingHost } from '../../../../../test/support/booking-host.js';
import { describeDatabases } from '../../../../../test/support/databases.js';
import { FAMILY } from '../../../../../test/support/trips.js';
import { SEED } from '../../database/seed.js';

const { cid, secret } = SEED.atlas;
const CLIENT = { 'x-atlas-client-id': cid, 'x-atlas-client-secret': secret };

describeDatabases("Atlas' façade, asked for a range of times,", (database) => {
  let host: BookingHost;
  let agw_id: string;

  const total = async (query: object): Promise<number> =>
    (await host.call('POST', '/atlas/event/getPageList.do', { pageSize: 10, ...query }, CLIENT)).body.total;
  const leavingWithin = (depTimeStart: string, depTimeEnd: string) => total({ depTimeStart, depTimeEnd });

  /** An order of flights on 18 and 25 April, with an incident. */
  beforeEach(async () => {
    host = await BookingHost.start(await database.fresh());
    ({ agw_id } = await host.ok('POST', '/orders', FAMILY));
    await host.ok('POST', `/orders/${agw_id}/ticket`, { card_token: 'tok_visa' });
    const incident = { type: 'abnormal.cancelled', evidence: 'job-7', vendor_refund: 'FULLY' };
    await host.ok('POST', '/supplier/incidents', { agw_id, ...incident });
  });
  afterEach(() => host.close());

  it('finds by one flight that leaves within both ends, not by two around them', async () => {
    expect(await leavingWithin('2036-04-20 00:00:00', '2036-04-22 23:59:59')).toBe(0);
    expect(await leavingWithin('2036-04-18 11:45:00', '2036-04-18 11:45:00')).toBe(1);
    expect(await leavingWithin('2036-04-25 00:00:00', '2036-04-25 23:59:59')).toBe(1);
  });

  it('finds by no flight that is cancelled, nor by the time that it left before', async () => {
    const notice = { agw_id, reason_code: 'RETIMED', confirmed: true };
    const later = { departure_local: '2036-04-19T11:45:00', arrival_local: '2036-04-19T13:15:00' };
    const revised = [{ ref: 'SEG1', ...later }];
    await host.ok('POST', '/supplier/schedule-changes', { ...notice, revised, cancelled: ['SEG2'] });
    expect(await leavingWithin('2036-04-18 00:00:00', '2036-04-18 23:59:59')).toBe(0);
    expect(await leavingWithin('2036-04-19 00:00:00', '2036-04-19 23:59:59')).toBe(1);
    expect(await leavingWithin('2036-04-25 00:00:00', '2036-04-25 23:59:59')).toBe(0);
  });

  it.each([
    { at: '2035-04-18T03:44:58.999Z', found: 0 },
    { at: '2035-04-18T03:44:59.000Z', found: 1 },
    { at: '2035-04-18T03:45:00.999Z', found: 1 },
    { at: '2035-04-18T03:45:01.000Z', found: 0 },
  ])('counts the last second whole, and no more: $at', async ({ at, found }) => {
    await host.query(`UPDATE incidents SET detected_at = '${at}', updated_at = '${at}'`);
    const [start, end] = ['2035-04-18 11:44:59', '2035-04-18 11:45:00'];
    expect(await total({ eventTimeStart: start, eventTimeEnd: end })).toBe(found);
    expect(await total({ updateTimeStart: start, updateTimeEnd: end })).toBe(found);
  });
});
