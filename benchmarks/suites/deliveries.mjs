import { between, median, summary } from '../support/statistics.mjs';

export const title = 'Deliveries per second: published, received, recorded';

const APP = 'contenders/delivery-app.mjs';
const NAIVE = 'contenders/naive-pipeline.mjs';

const NORMAL = { synchronous: 'NORMAL' };

const CONTENDERS = [
  { name: 'sqlite: the naive pipeline', module: NAIVE, type: 'sqlite', naive: true },
  {
    name: 'sqlite: in the app’s transactions',
    module: APP,
    type: 'sqlite',
    options: { mode: 'transaction' },
  },
  { name: 'sqlite: grouped', module: APP, type: 'sqlite', options: { mode: 'grouped' } },
  {
    name: 'sqlite: grouped, 31-field template',
    module: APP,
    type: 'sqlite',
    options: { mode: 'grouped', templated: true },
  },
  {
    name: 'sqlite NORMAL: in the app’s transactions',
    module: APP,
    type: 'sqlite',
    options: { ...NORMAL, mode: 'transaction' },
  },
  {
    name: 'sqlite NORMAL: grouped',
    module: APP,
    type: 'sqlite',
    options: { ...NORMAL, mode: 'grouped' },
  },
  { name: 'postgres: the naive pipeline', module: NAIVE, type: 'postgres', naive: true },
  {
    name: 'postgres: in the app’s transactions',
    module: APP,
    type: 'postgres',
    options: { mode: 'transaction' },
  },
  { name: 'postgres: grouped', module: APP, type: 'postgres', options: { mode: 'grouped' } },
];

async function start(context, address) {
  const { children, databases, wants } = context;
  const started = [];
  for (const { name, module, type, options, naive = false } of CONTENDERS) {
    if (!wants(name)) continue;
    const database = await databases.fresh(type);
    const child = await children.start(name, module, { database, ...address, ...options });
    started.push({ name, type, naive, child, runs: [] });
  }
  return started;
}

/** The raw client before and after each contender: the machine's speed changes within seconds. */
async function repeat({ raw, receiver, contenders }, effort) {
  let before = await raw.call('measure', effort.requests);
  for (const { child, naive, runs } of contenders) {
    const run = await child.call('measure', naive ? effort.naiveDeliveries : effort.deliveries);
    await receiver.call('reset');
    const after = await raw.call('measure', effort.requests);
    const { busy } = await receiver.call('report');
    const rawRate = between(before.rate, after.rate);
    runs.push({ ...run, rawRate, rawCpuUs: after.cpuUs, busy, ratio: run.rate / rawRate });
    before = after;
  }
  // Whoever is measured first profits from what the others leave behind: all of them are, in turn.
  contenders.push(contenders.shift());
}

function rowOf({ name, type, naive, runs }, contenders) {
  const baseline = contenders.find((other) => other.naive && other.type === type);
  const comparable = baseline && !name.includes('NORMAL');
  const toNaive = runs.map((run, index) => run.ratio / (baseline?.runs[index]?.ratio ?? Number.NaN));
  const middle = (field) => Math.round(median(runs.map((run) => run[field])));
  const times =
    naive || !baseline
      ? ''
      : `, ${summary(toNaive).median.toFixed(1)} [${Math.min(...toNaive).toFixed(1)}–${Math.max(...toNaive).toFixed(1)}] × naive`;
  return {
    name,
    unit: '× raw node:http',
    ratio: summary(runs.map(({ ratio }) => ratio)),
    ...(times && { timesNaive: summary(toNaive) }),
    information: `${middle('rate')}/s of ${middle('rawRate')}/s, ${middle('cpuUs')} µs CPU${times}`,
  };
}

/** One row for each variant and database. */
export async function run(context) {
  const { children, effort, note } = context;
  const receiver = await children.start('receiver', 'support/receiver.mjs', { endpoints: effort.endpoints });
  const address = await receiver.call('address');
  const raw = await children.start('raw', 'contenders/raw-client.mjs', address);
  const contenders = await start(context, address);
  const order = [...contenders];
  note('deliveries: warming up');
  await repeat({ raw, receiver, contenders }, effort);
  for (const { runs } of contenders) runs.length = 0;
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`deliveries: ${repetition} of ${effort.repetitions}`);
    await repeat({ raw, receiver, contenders }, effort);
  }
  const busy = median(order.flatMap(({ runs }) => runs.map((run) => run.busy)));
  const rawCpu = median(order.flatMap(({ runs }) => runs.map((run) => run.rawCpuUs)));
  return {
    rows: order.map((contender) => rowOf(contender, order)),
    notes: [
      'Grouped: published outside of transactions by 256 callers. NORMAL: SQLite syncs at checkpoints only, all else with every commit.',
      `${effort.endpoints} endpoints, 64 requests in flight. The raw client used ${Math.round(rawCpu)} µs CPU for each request; the receiver was busy for ${Math.round(busy * 100)} % of its time.`,
    ],
  };
}
