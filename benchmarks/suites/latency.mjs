import { atMost } from '../support/bars.mjs';
import { latencies, quantiles } from '../support/latencies.mjs';
import { summary } from '../support/statistics.mjs';

const CONTENDERS = [
  { name: 'SQLite', type: 'sqlite' },
  { name: 'PostgreSQL', type: 'postgres' },
];

async function repeat({ raw, receiver, contenders }, effort) {
  for (const { child, runs } of contenders) {
    const { samples } = await latencies(raw, receiver, effort);
    const roundTrip = quantiles(samples.map((each) => each.roundTrip));
    const latency = quantiles((await latencies(child, receiver, effort)).toReceipt);
    await child.call('drain');
    runs.push({ latency, roundTrip });
  }
  contenders.push(contenders.shift());
}

const middle = (runs, field, which) => summary(runs.map((run) => run[field][which])).median.toFixed(2);

function ratioRow({ name, runs }) {
  return {
    name: `${name}, median`,
    ratio: summary(runs.map(({ latency, roundTrip }) => latency.p50 / roundTrip.p50)),
    bar: atMost(6),
    information: `${middle(runs, 'latency', 'p50')} ms, raw round trip ${middle(runs, 'roundTrip', 'p50')} ms`,
  };
}

function tailRow({ name, runs }) {
  return {
    name: `${name}, 99th percentile`,
    ratio: summary(runs.map(({ latency }) => latency.p99)),
    unit: ' ms',
    bar: atMost(15, ' ms'),
    information: `raw round trip ${middle(runs, 'roundTrip', 'p99')} ms`,
  };
}

/** How long a committed event takes to arrive, each in a transaction of its own. */
export async function run({ children, databases, effort, note, wants }) {
  const receiver = await children.start('receiver', 'support/receiver.mjs', { endpoints: effort.endpoints });
  const address = await receiver.call('address');
  const raw = await children.start('raw', 'contenders/raw-client.mjs', address);
  const contenders = [];
  for (const { name, type } of CONTENDERS.filter((each) => wants(each.name))) {
    const database = await databases.fresh(type);
    const options = { database, ...address };
    const child = await children.start(`latency ${name}`, 'contenders/delivery-app.mjs', options);
    contenders.push({ name, child, runs: [] });
  }
  if (contenders.length === 0) return { groups: [], notes: [] };
  const order = [...contenders];
  note('latency: warming up');
  await repeat({ raw, receiver, contenders }, effort);
  for (const { runs } of contenders) runs.length = 0;
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`latency: ${repetition} of ${effort.repetitions}`);
    await repeat({ raw, receiver, contenders }, effort);
  }
  const rate = `at ${effort.eventsPerSecond} events/s`;
  return {
    groups: [
      { title: `From COMMIT to receipt ${rate} ÷ a raw round trip`, rows: order.map(ratioRow) },
      { title: `From COMMIT to receipt ${rate}`, rows: order.map(tailRow) },
    ],
    notes: [],
  };
}
