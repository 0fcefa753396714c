import { atLeast } from '../support/bars.mjs';
import { between, median, summary } from '../support/statistics.mjs';

const APP = 'contenders/delivery-app.mjs';
const NAIVE = 'contenders/naive-pipeline.mjs';
const LABEL = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

function on(type, bars) {
  const app = (mode) => ({ type, module: APP, mode });
  return [
    { name: `${LABEL[type]}, naive`, type, module: NAIVE, naive: true },
    { name: `${LABEL[type]}, in your transaction`, ...app('transaction'), ...bars.transaction },
    { name: `${LABEL[type]}, grouped`, ...app('grouped'), ...bars.grouped },
    { name: `${LABEL[type]}, grouped, 2 kB`, ...app('grouped'), body: 'envelope' },
    { name: `${LABEL[type]}, backlog`, ...app('backlog'), ...bars.backlog },
  ];
}

const NAIVE_BARS = { transaction: atLeast(6), grouped: atLeast(20) };

const CONTENDERS = [
  ...on('sqlite', {
    transaction: { bar: atLeast(0.22), naiveBar: NAIVE_BARS.transaction },
    grouped: { bar: atLeast(0.45), naiveBar: NAIVE_BARS.grouped },
    backlog: { bar: atLeast(0.38) },
  }),
  ...on('postgres', {
    transaction: { ownBar: atLeast(0.22), naiveBar: NAIVE_BARS.transaction },
    grouped: { bar: atLeast(0.38), naiveBar: NAIVE_BARS.grouped },
    backlog: { bar: atLeast(0.3) },
  }),
];

/** Starts processes once and gives them again to whoever asks for the same. */
class Processes {
  #started = new Map();

  constructor({ children, databases }, address) {
    this.children = children;
    this.databases = databases;
    this.address = address;
  }

  /** The process of a contender: the ways of publishing share one application. */
  app({ module, type, body }) {
    const options = { ...this.address, ...(body && { body }) };
    return this.#once(`${type} ${module} ${body ?? ''}`, async (name) => {
      const database = await this.databases.fresh(type);
      const child = await this.children.start(name, module, { database, ...options });
      return { child, database };
    });
  }

  async publisher(contender) {
    const { database } = await this.app(contender);
    const options = { database, endpoints: this.address.ports.length };
    return this.#once(`${contender.type} publisher`, (name) =>
      this.children.start(name, 'contenders/backlog-publisher.mjs', options),
    );
  }

  own({ type }) {
    return this.#once(`${type} own`, async (name) => {
      const database = await this.databases.fresh(type);
      return this.children.start(name, 'contenders/own-transactions.mjs', { database });
    });
  }

  #once(name, start) {
    if (!this.#started.has(name)) this.#started.set(name, start(name));
    return this.#started.get(name);
  }
}

async function startOne(contender, processes) {
  const { child } = await processes.app(contender);
  const publisher = contender.mode === 'backlog' && (await processes.publisher(contender));
  const own = contender.ownBar && (await processes.own(contender));
  return { ...contender, child, publisher, own, runs: [] };
}

async function runOne({ child, naive, mode, publisher, own }, effort) {
  if (publisher) {
    await publisher.call('publish', effort.deliveries);
    return child.call('measureBacklog', effort.deliveries);
  }
  const before = await own?.call('measure', effort.ownTransactions);
  const run = await child.call('measure', naive ? effort.naiveDeliveries : effort.deliveries, mode);
  if (!own) return run;
  const after = await own.call('measure', effort.ownTransactions);
  const ownRate = between(before.rate, after.rate);
  return { ...run, ownRate, ownRatio: run.rate / ownRate };
}

/** The raw client before and after each contender: the machine's speed changes within seconds. */
async function repeat({ raw, receiver, contenders }, effort) {
  for (const contender of contenders) {
    const { runs, body } = contender;
    const before = await raw.call('measure', effort.requests, body);
    const run = await runOne(contender, effort);
    await receiver.call('reset');
    const after = await raw.call('measure', effort.requests, body);
    const { busy } = await receiver.call('report');
    const rawRate = between(before.rate, after.rate);
    runs.push({ ...run, rawRate, rawCpuUs: after.cpuUs, busy, ratio: run.rate / rawRate });
  }
  // Whoever is measured first profits from what the others leave behind: all of them are, in turn.
  contenders.push(contenders.shift());
}

const middle = (runs, field) => Math.round(median(runs.map((run) => run[field])));

function rawRow({ name, bar, runs }) {
  const speed = `${middle(runs, 'rate')}/s of ${middle(runs, 'rawRate')}/s, ${middle(runs, 'cpuUs')} µs CPU`;
  return { name, ratio: summary(runs.map(({ ratio }) => ratio)), bar, information: speed };
}

function ownRow({ name, ownBar, runs }) {
  const speed = `${middle(runs, 'rate')}/s of ${middle(runs, 'ownRate')}/s`;
  return { name, ratio: summary(runs.map(({ ownRatio }) => ownRatio)), bar: ownBar, information: speed };
}

function naiveRow({ name, type, naiveBar, runs }, contenders) {
  const naive = contenders.find((other) => other.naive && other.type === type);
  if (!naive) return [];
  const times = runs.map((run, index) => run.ratio / naive.runs[index].ratio);
  return [
    { name, ratio: summary(times), bar: naiveBar, information: `naive: ${middle(naive.runs, 'rate')}/s` },
  ];
}

function groupsOf(contenders) {
  const beside = contenders.filter(({ own }) => own);
  const compared = contenders.filter(({ naiveBar }) => naiveBar);
  return [
    { title: 'Deliveries per second ÷ raw POSTs per second', rows: contenders.map(rawRow) },
    { title: 'Deliveries per second ÷ the app’s own transactions per second', rows: beside.map(ownRow) },
    {
      title: 'Deliveries per second ÷ those of the naive pipeline',
      rows: compared.flatMap((contender) => naiveRow(contender, contenders)),
    },
  ];
}

/** Published, received and recorded, beside a client that only posts, the application alone, and what one writes in an afternoon. */
export async function run(context) {
  const { children, effort, note, wants } = context;
  const receiver = await children.start('receiver', 'support/receiver.mjs', { endpoints: effort.endpoints });
  const address = await receiver.call('address');
  const raw = await children.start('raw', 'contenders/raw-client.mjs', address);
  const processes = new Processes(context, address);
  const contenders = [];
  for (const contender of CONTENDERS.filter(({ name, body }) => wants(name) && (effort.envelopes || !body))) {
    note(`deliveries: starting ${contender.name}`);
    contenders.push(await startOne(contender, processes));
  }
  const order = [...contenders];
  note('deliveries: warming up');
  await repeat({ raw, receiver, contenders }, effort);
  for (const { runs } of contenders) runs.length = 0;
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`deliveries: ${repetition} of ${effort.repetitions}`);
    await repeat({ raw, receiver, contenders }, effort);
  }
  const runs = order.flatMap((contender) => contender.runs);
  return {
    groups: groupsOf(order),
    notes: [
      `The raw client used ${middle(runs, 'rawCpuUs')} µs CPU for each request; the receiver was busy for ${Math.round(median(runs.map(({ busy }) => busy)) * 100)} % of its time.`,
      'Grouped: published outside of transactions by 256 callers. 2 kB: the whole event in the standard body, raw the same.',
    ],
  };
}
