import { setTimeout as wait } from 'node:timers/promises';
import { atMost } from '../support/bars.mjs';
import { latencies, quantiles } from '../support/latencies.mjs';
import { median, summary } from '../support/statistics.mjs';

/** The replay is well under way. */
const BEGUN_MS = 500;
const APP = 'contenders/replay-app.mjs';

const CONTENDERS = [
  { name: 'SQLite', type: 'sqlite' },
  { name: 'PostgreSQL', type: 'postgres' },
];

async function startOne({ children, databases, effort }, { name, type }, { address, replayPort }) {
  const start = async (title, more) =>
    children.start(`${title} ${name}`, APP, { ...address, ...more, database: await databases.fresh(type) });
  const alone = await start('alone', {});
  const beside = await start('beside', { archived: effort.replay.archived, replayPort });
  return { name, alone, beside, runs: [] };
}

async function measured(child, receiver, effort, isBeside) {
  if (!isBeside) return { ...quantiles((await latencies(child, receiver, effort)).toReceipt), replayed: 0 };
  await child.call('beginReplay');
  await wait(BEGUN_MS);
  const figures = quantiles((await latencies(child, receiver, effort)).toReceipt);
  const replayed = await child.call('endReplay');
  await child.call('drain');
  return { ...figures, replayed };
}

async function repeat({ receiver, contenders }, effort) {
  for (const { alone, beside, runs } of contenders) {
    // In turns, so that neither always profits from what the other one leaves behind.
    const order = runs.length % 2 === 0 ? [alone, beside] : [beside, alone];
    const figures = new Map();
    for (const child of order) figures.set(child, await measured(child, receiver, effort, child === beside));
    runs.push({ alone: figures.get(alone), beside: figures.get(beside) });
  }
}

function rowOf({ name, runs }, which, title) {
  const ms = (side) => median(runs.map((run) => run[side][which])).toFixed(1);
  const replayed = Math.round(median(runs.map(({ beside }) => beside.replayed)));
  return {
    name: `${name}, ${title}`,
    ratio: summary(runs.map(({ alone, beside }) => beside[which] / alone[which])),
    bar: atMost(2),
    information: `${ms('beside')} ms, alone ${ms('alone')} ms; ${replayed} replayed meanwhile`,
  };
}

/** What live deliveries feel of a replay. */
export async function run(context) {
  const { children, note, wants } = context;
  const effort = context.effort.replay;
  const endpoints = context.effort.endpoints;
  const receiver = await children.start('receiver', 'support/receiver.mjs', { endpoints });
  const replayed = await children.start('replayed', 'support/receiver.mjs', { endpoints: 1 });
  const address = await receiver.call('address');
  const [replayPort] = (await replayed.call('address')).ports;
  const contenders = [];
  for (const contender of CONTENDERS.filter(({ name }) => wants(name))) {
    note(`replay: starting ${contender.name}`);
    contenders.push(await startOne(context, contender, { address, replayPort }));
  }
  note('replay: warming up');
  for (const { alone, beside } of contenders)
    for (const child of [alone, beside]) await child.call('measure', effort.warmUp);
  await repeat({ receiver, contenders }, effort);
  for (const { runs } of contenders) runs.length = 0;
  for (let repetition = 1; repetition <= context.effort.repetitions; repetition++) {
    note(`replay: ${repetition} of ${context.effort.repetitions}`);
    await repeat({ receiver, contenders }, effort);
  }
  const title = `From COMMIT to receipt during a replay of ${effort.archived.toLocaleString('en')} ÷ without`;
  const rows = contenders.flatMap((each) => [
    rowOf(each, 'p50', 'median'),
    rowOf(each, 'p99', '99th percentile'),
  ]);
  return { groups: [{ title, rows }], notes: [] };
}
