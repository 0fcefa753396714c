/** A Nest application whose every event has a thousand subscribers. */
import { countRows, noticeTo, openHost } from '../support/host-app.mjs';
import { orderTicketed } from '../support/order-event.mjs';

const TENANT = 'fan-out';

export async function open({ database, ports, subscriptions }) {
  const host = await openHost({ database });
  for (let number = 0; number < subscriptions; number++) {
    const target = noticeTo(ports[number % ports.length]);
    await host.subscriptions.create({ tenant: TENANT, event_types: ['OrderTicketed'], ...target });
  }
  const recorded = () => countRows(host.dataSource, `webhooks_deliveries WHERE state = 'succeeded'`);
  let number = 0;

  return {
    /** Publishes so many events, each when the last one is delivered; seconds for one. */
    async measure(events) {
      const before = await recorded();
      let spent = 0;
      for (let each = 0; each < events; each++) {
        const event = orderTicketed(`AGW-${number++}`);
        const startedAt = performance.now();
        await host.webhooks.publish(event, { tenant: TENANT });
        await host.webhooks.drain();
        spent += performance.now() - startedAt;
      }
      const delivered = (await recorded()) - before;
      const expected = events * subscriptions;
      if (delivered !== expected) throw new Error(`${delivered} of ${expected} deliveries are on record`);
      return { seconds: spent / 1000 / events };
    },

    close: () => host.close(),
  };
}
