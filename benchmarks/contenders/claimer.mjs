/** The dispatcher's claim alone, on a table with so many open rows. It is no public method. */
import { insertBacklog } from '../support/bulk-rows.mjs';
import { openHost } from '../support/host-app.mjs';

/** A claim has shares for retries and replays, of which there are none here. */
const LIMIT = 100;
const LEAST = 70;
const LEASE_MS = 60_000;
const SUBSCRIPTIONS = Array.from({ length: 50 }, (_, number) => `sub_${number}`);
/** Of other work it wants to know, as a process that fires schedules and runs jobs does. */
const WORK = { schedules: ['OrderStarted'], jobs: ['recover', 'replay'] };
const NOBODY = { subscriptions: [], tenants: [], replaysTo: [], before: [0, 0, 0] };

export async function open({ database, rows }) {
  const host = await openHost({ database, dispatch: false });
  await insertBacklog(host.dataSource, { count: rows, subscriptionIds: SUBSCRIPTIONS });
  const store = host.hidden('DeliveryStore');

  return {
    /** Milliseconds of each of so many claims. What was claimed is given back afterwards, so that the backlog stays as it is. */
    async measure(claims) {
      const times = [];
      for (let each = 0; each < claims; each++) {
        const startedAt = performance.now();
        const { deliveries } = await store.claim(LIMIT, LEASE_MS, NOBODY, WORK);
        times.push(performance.now() - startedAt);
        if (deliveries.length < LEAST) throw new Error(`a claim brought only ${deliveries.length} rows`);
        await store.release(deliveries, []);
      }
      return times;
    },

    close: () => host.close(),
  };
}
