/** A process that publishes and does not send: what it commits is a backlog for others, all of it at once. */
import { openHost, tenantOf } from '../support/host-app.mjs';
import { monotonicMs } from '../support/monotonic.mjs';
import { orderTicketed } from '../support/order-event.mjs';

export async function open({ database, endpoints }) {
  const host = await openHost({ database, dispatch: false });
  let number = 0;
  const publication = () => {
    const tenant = tenantOf(number % endpoints);
    return { event: orderTicketed(`BACKLOG-${number++}`), tenant };
  };
  return {
    /** Gives when the COMMIT was acknowledged, in milliseconds of the monotonic clock. */
    async publish(count) {
      await host.webhooks.publishMany(Array.from({ length: count }, publication));
      return monotonicMs();
    },

    close: () => host.close(),
  };
}
