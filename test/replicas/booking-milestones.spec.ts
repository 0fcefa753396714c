import { TestClock } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import { BookingHost } from '../support/booking-host.js';
import { BookingProcess } from '../support/booking-process.js';
import { CountingReceiver } from '../support/counting-receiver.js';
import type { TestDatabaseOptions } from '../support/databases.js';
import { describeDatabases } from '../support/databases.js';
import { flight, trip } from '../support/trips.js';

const ORDERS = 24;
const MILESTONES = ['OrderStarted', 'OrderCompleted'];

/** How often each milestone of each order was published, and whether the beginning came first. */
async function milestonesIn(options: TestDatabaseOptions): Promise<Map<string, string[]>> {
  const dataSource = await new DataSource(options).initialize();
  try {
    const rows: { subject: string; type: string }[] = await dataSource.query(
      `SELECT subject, type FROM webhooks_events WHERE type IN ('OrderStarted', 'OrderCompleted') ORDER BY subject, sequence`,
    );
    const found = new Map<string, string[]>();
    for (const { subject, type } of rows) found.set(subject, [...(found.get(subject) ?? []), type]);
    return found;
  } finally {
    await dataSource.destroy();
  }
}

describeDatabases(
  'milestones of many journeys',
  (database) => {
    it('come once each when two workers find them due at the same moment', async () => {
      const options = await database.fresh();
      const clock = new TestClock();
      const hosts = [
        await BookingHost.start(options, { clock }),
        await BookingHost.start(options, { clock }),
      ];
      try {
        const out = flight('MAD', '2040-06-10T10:00:00', 'LHR', '2040-06-10T11:30:00');
        for (let n = 0; n < ORDERS; n++) {
          const { agw_id: id } = await hosts[n % 2]!.ok('POST', '/orders', trip(out));
          await hosts[n % 2]!.ok('POST', `/orders/${id}/ticket`, { card_token: 'tok_visa' });
        }
        clock.advance(Date.parse('2040-07-01T00:00:00Z') - clock.now());
        await Promise.all(hosts.map((host) => host.drain()));
        // What the one had leased while the other drained.
        await Promise.all(hosts.map((host) => host.drain()));
      } finally {
        for (const host of hosts) await host.close();
      }
      const found = await milestonesIn(options);
      expect([...found.values()]).toEqual(Array.from({ length: ORDERS }, () => MILESTONES));
    }, 60_000);

    it('come once each, and are sent once each, by two processes of the app', async () => {
      const options = await database.fresh();
      const receiver = await CountingReceiver.start();
      const processes = [await BookingProcess.start(options)];
      try {
        processes.push(await BookingProcess.start(options));
        const all = receiver.arrived(2 * ORDERS);
        await processes[0]!.post('/webhooks/subscriptions', { event_types: MILESTONES, url: receiver.url() });
        const local = (inMs: number) => new Date(Date.now() + inMs).toISOString().slice(0, 19);
        const zone = { departure_tz: 'Etc/UTC', arrival_tz: 'Etc/UTC' };
        const out = { ...flight('MAD', local(5_000), 'LHR', local(7_000)), ...zone };
        for (let n = 0; n < ORDERS; n++) {
          const { agw_id: id } = await processes[n % 2]!.post('/orders', trip(out));
          await processes[(n + 1) % 2]!.post(`/orders/${String(id)}/ticket`, { card_token: 'tok_visa' });
        }
        await all;
      } finally {
        for (const one of processes) await one.end();
        await receiver.close();
      }
      const found = await milestonesIn(options);
      expect([...found.values()]).toEqual(Array.from({ length: ORDERS }, () => MILESTONES));
      expect({ messages: receiver.messages.size, duplicates: receiver.duplicates }).toEqual({
        messages: 2 * ORDERS,
        duplicates: 0,
      });
    }, 60_000);
  },
  'postgres',
);
