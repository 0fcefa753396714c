import { quantile, summary } from '../support/statistics.mjs';

export const title = 'From COMMIT to receipt, at a steady rate';

const CONTENDERS = [
  { name: 'sqlite', type: 'sqlite' },
  { name: 'sqlite NORMAL', type: 'sqlite', synchronous: 'NORMAL' },
  { name: 'postgres', type: 'postgres' },
];

async function sample(child, receiver, effort) {
  await receiver.call('reset', { record: true });
  const samples = await child.call('measureLatency', effort.events, effort.eventsPerSecond);
  const { arrivals } = await receiver.call('report');
  const missing = samples.filter(({ id }) => arrivals[id] === undefined);
  if (missing.length > 0) throw new Error(`${missing.length} of ${samples.length} events did not arrive`);
  return { toReceipt: samples.map(({ id, at }) => arrivals[id] - at), samples };
}

function quantiles(values) {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}

async function repeat({ raw, receiver, contenders }, effort) {
  for (const { child, runs } of contenders) {
    const { samples } = await sample(raw, receiver, effort);
    const roundTrip = quantiles(samples.map((each) => each.roundTrip));
    const latency = quantiles((await sample(child, receiver, effort)).toReceipt);
    runs.push({ latency, roundTrip });
  }
  contenders.push(contenders.shift());
}

function rowsOf({ name, runs }) {
  return ['p50', 'p99'].map((which) => {
    const middle = (field) => summary(runs.map((run) => run[field][which])).median.toFixed(2);
    return {
      name: `${name}: ${which}`,
      unit: `× the raw client’s round trip, ${which}`,
      ratio: summary(runs.map((run) => run.latency[which] / run.roundTrip[which])),
      information: `${middle('latency')} ms, raw round trip ${middle('roundTrip')} ms`,
    };
  });
}

/** Two rows, median and 99th percentile, for each database. */
export async function run({ children, databases, effort, note, wants }) {
  const receiver = await children.start('receiver', 'support/receiver.mjs', { endpoints: effort.endpoints });
  const address = await receiver.call('address');
  const raw = await children.start('raw', 'contenders/raw-client.mjs', address);
  const contenders = [];
  for (const { name, type, synchronous } of CONTENDERS.filter((each) => wants(each.name))) {
    const database = await databases.fresh(type);
    const options = { database, synchronous, mode: 'transaction', ...address };
    const child = await children.start(`latency ${name}`, 'contenders/delivery-app.mjs', options);
    contenders.push({ name, child, runs: [] });
  }
  const order = [...contenders];
  note('latency: warming up');
  await repeat({ raw, receiver, contenders }, effort);
  for (const { runs } of contenders) runs.length = 0;
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`latency: ${repetition} of ${effort.repetitions}`);
    await repeat({ raw, receiver, contenders }, effort);
  }
  return {
    rows: order.flatMap(rowsOf),
    notes: [`${effort.eventsPerSecond} events/s, each in a transaction of its own.`],
  };
}
