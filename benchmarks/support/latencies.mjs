import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from './statistics.mjs';

const ARRIVAL_MS = 10_000;
const POLL_MS = 20;

/** Waits until so many requests have come since the last reset; gives the tally. */
export async function arrived(receiver, count) {
  for (let waited = 0; ; waited += POLL_MS) {
    const tally = await receiver.call('tally');
    if (tally.count >= count || waited > ARRIVAL_MS) return tally;
    await wait(POLL_MS);
  }
}

/** Publishes at a steady rate and gives, in milliseconds, how long each event took from COMMIT to receipt. */
export async function latencies(child, receiver, { events, eventsPerSecond }) {
  await receiver.call('reset', { record: true });
  const samples = await child.call('measureLatency', events, eventsPerSecond);
  await arrived(receiver, events);
  const { arrivals } = await receiver.call('report');
  const missing = samples.filter(({ id }) => arrivals[id] === undefined);
  if (missing.length > 0) throw new Error(`${missing.length} of ${samples.length} events did not arrive`);
  return { toReceipt: samples.map(({ id, at }) => arrivals[id] - at), samples };
}

/** Median and 99th percentile. */
export function quantiles(values) {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}
