import { atMost } from '../support/bars.mjs';
import { latencies, quantiles } from '../support/latencies.mjs';
import { median, summary } from '../support/statistics.mjs';

const WAITING = 5_000;
const APP = 'contenders/delivery-app.mjs';

const CONTENDERS = [
  { name: 'SQLite', type: 'sqlite' },
  { name: 'PostgreSQL', type: 'postgres' },
];

async function startOne({ children, databases }, { name, type }, address) {
  const { hangingPorts, ...healthy } = address;
  const options = { ...healthy };
  const alone = await children.start(`alone ${name}`, APP, {
    ...options,
    database: await databases.fresh(type),
  });
  const beside = await children.start(`beside ${name}`, APP, {
    ...options,
    database: await databases.fresh(type),
    hangingPort: hangingPorts[0],
  });
  return { name, alone, beside, runs: [] };
}

async function repeat({ receiver, contenders }, effort) {
  for (const { alone, beside, runs } of contenders) {
    const p99Of = async (child) => quantiles((await latencies(child, receiver, effort)).toReceipt).p99;
    // In turns, so that neither always profits from what the other one leaves behind.
    const order = runs.length % 2 === 0 ? [alone, beside] : [beside, alone];
    const p99 = new Map();
    for (const child of order) p99.set(child, await p99Of(child));
    runs.push({ alone: p99.get(alone), beside: p99.get(beside), ratio: p99.get(beside) / p99.get(alone) });
  }
}

function rowOf({ name, runs }) {
  const ms = (field) => median(runs.map((run) => run[field])).toFixed(1);
  const information = `${ms('beside')} ms, alone ${ms('alone')} ms; all delivered`;
  return { name, ratio: summary(runs.map(({ ratio }) => ratio)), bar: atMost(1.5), information };
}

/** What the others feel of an endpoint that never answers. */
export async function run(context) {
  const { children, note, wants } = context;
  const effort = context.effort.neighbour;
  const receiver = await children.start('receiver', 'support/receiver.mjs', {
    endpoints: context.effort.endpoints - 1,
    hangingEndpoints: 1,
  });
  const address = await receiver.call('address');
  const contenders = [];
  for (const contender of CONTENDERS.filter(({ name }) => wants(name))) {
    note(`neighbour: starting ${contender.name}`);
    contenders.push(await startOne(context, contender, address));
  }
  note('neighbour: warming up');
  await repeat({ receiver, contenders }, effort);
  for (const { beside, runs } of contenders) {
    await beside.call('fillHanging', WAITING);
    runs.length = 0;
  }
  for (let repetition = 1; repetition <= context.effort.repetitions; repetition++) {
    note(`neighbour: ${repetition} of ${context.effort.repetitions}`);
    await repeat({ receiver, contenders }, effort);
  }
  // Otherwise the shutdown would wait for it.
  await receiver.call('letGo');
  const title = `99th percentile of the healthy, beside an endpoint that hangs with ${WAITING.toLocaleString('en')} waiting ÷ alone`;
  return { groups: [{ title, rows: contenders.map(rowOf) }], notes: [] };
}
