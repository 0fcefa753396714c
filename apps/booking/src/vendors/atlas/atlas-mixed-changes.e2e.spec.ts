import { BookingHost } from '../../../../../test/support/booking-host.js';
import { describeDatabases } from '../../../../../test/support/databases.js';
import { FAMILY } from '../../../../../test/support/trips.js';
import { SEED } from '../../database/seed.js';

const { cid, secret } = SEED.atlas;
const CLIENT = { 'x-atlas-client-id': cid, 'x-atlas-client-secret': secret };

describeDatabases("Atlas' façade, of a notice that moves one flight and takes another away", (database) => {
  let host: BookingHost;

  beforeEach(async () => (host = await BookingHost.start(await database.fresh())));
  afterEach(() => host.close());

  it('calls it a cancellation in its notification, in the incident, and in the list', async () => {
    await host.call('POST', '/atlas/updateWebhookURL.do', { url: 'https://client.example/atlas' }, CLIENT);
    const { agw_id } = await host.ok('POST', '/orders', FAMILY);
    const revised = { departure_local: '2036-04-18T13:20:00', arrival_local: '2036-04-18T14:50:00' };
    const { schedule_change_id } = await host.ok('POST', '/supplier/schedule-changes', {
      ...{ agw_id, reason_code: 'OTHER', confirmed: true },
      ...{ revised: [{ ref: 'SEG1', ...revised }], cancelled: ['SEG2'] },
    });
    const incident = { agw_id, type: 'order.schedulechange', evidence: schedule_change_id };
    await host.ok('POST', '/supplier/incidents', incident);
    await host.drain();

    const sent = host.transport.requests.map(({ body }) => JSON.parse(String(body)));
    const { body } = await host.call('POST', '/atlas/event/getPageList.do', { pageSize: 10 }, CLIENT);

    const told = [...sent.filter(({ type }) => type === 'order.schedulechange'), ...body.records];
    expect(told).toHaveLength(3);
    for (const { data } of told) {
      expect(data).toMatchObject({ scheduleChangeType: 2, previousSegs: [{}, {}], revisedSegs: [{}] });
    }
  });
});
