import { setTimeout as wait } from 'node:timers/promises';
import { atMost } from '../support/bars.mjs';
import { median, summary } from '../support/statistics.mjs';

const DATABASES = [
  { name: 'SQLite', type: 'sqlite' },
  { name: 'PostgreSQL', type: 'postgres' },
];
const IN_FLIGHT = 64;
const POLL_MS = 50;
const FULL_MS = 15_000;
const LEAST_LOOKS = 4;
const LOOKS_MS = 30_000;

/** Both applications keep still while everything else is measured. */
async function startIdle({ children, databases }, { name, type }) {
  const database = await databases.fresh(type);
  return { name, child: await children.start(`idle ${name}`, 'contenders/idle-app.mjs', { database }) };
}

async function idleRow({ name, child }) {
  let sentAt = [];
  for (let waited = 0; sentAt.length < LEAST_LOOKS && waited < LOOKS_MS; waited += POLL_MS) {
    await wait(POLL_MS);
    sentAt = await child.call('sentAt');
  }
  const minutes = (sentAt.at(-1) - sentAt[0]) / 60_000;
  const aMinute = Number(((sentAt.length - 1) / minutes).toFixed(1));
  const information = `${sentAt.length} in ${Math.round(minutes * 60)} s`;
  return { name, count: aMinute, bar: atMost(12), information };
}

async function startBacklog({ children, databases }, { name, type }, rows, ports) {
  const database = await databases.fresh(type);
  const options = { database, rows, ports };
  const keeper = await children.start(`keeper ${name}`, 'contenders/backlog-keeper.mjs', options);
  return { database, keeper };
}

/** Resident memory of a fresh process that has as much in hand as it takes. */
async function megabytesWith({ children, receiver }, { database, keeper }) {
  await receiver.call('holdOn');
  await keeper.call('makeDue');
  const app = await children.start('memory', 'contenders/memory-app.mjs', { database });
  for (let waited = 0; (await receiver.call('tally')).hanging < IN_FLIGHT; waited += POLL_MS) {
    if (waited > FULL_MS) throw new Error('the application did not send its backlog');
    await wait(POLL_MS);
  }
  const megabytes = await app.call('megabytes');
  await app.kill();
  await receiver.call('letGo');
  return megabytes;
}

async function memoryRow(context, { name, type }) {
  const { effort, note, children } = context;
  note(`footprint, ${name}: writing ${effort.backlogRows.toLocaleString('en')} rows`);
  const few = await startBacklog(context, { name, type }, IN_FLIGHT, context.ports);
  const many = await startBacklog(context, { name, type }, effort.backlogRows, context.ports);
  const runs = [];
  for (let repetition = 1; repetition <= effort.memoryStarts; repetition++) {
    note(`footprint, memory on ${name}: ${repetition} of ${effort.memoryStarts}`);
    const without = await megabytesWith({ children, receiver: context.receiver }, few);
    const withBacklog = await megabytesWith({ children, receiver: context.receiver }, many);
    runs.push({ without, withBacklog, added: withBacklog - without });
  }
  const megabytes = (field) => Math.round(median(runs.map((run) => run[field])));
  return {
    name,
    ratio: summary(runs.map(({ added }) => added)),
    unit: ' MB',
    bar: atMost(15, ' MB'),
    information: `${megabytes('withBacklog')} MB, with ${IN_FLIGHT} waiting ${megabytes('without')} MB`,
  };
}

async function startUpRow({ children, databases, effort, note }) {
  const database = await databases.fresh('sqlite');
  const readyAfter = async (module) => {
    const child = await children.start('start-up', module, { database });
    const milliseconds = await child.call('readyAfterMs');
    await child.close();
    return milliseconds;
  };
  // The tables are there already, as they are at every start but the first.
  await readyAfter('contenders/start-up.mjs');
  const runs = [];
  for (let repetition = 1; repetition <= effort.starts; repetition++) {
    note(`footprint, start-up: ${repetition} of ${effort.starts}`);
    const plain = await readyAfter('contenders/start-up-plain.mjs');
    const full = await readyAfter('contenders/start-up.mjs');
    runs.push({ plain, full, added: full - plain });
  }
  const milliseconds = (field) => Math.round(median(runs.map((run) => run[field])));
  return {
    name: 'SQLite',
    ratio: summary(runs.map(({ added }) => added)),
    unit: ' ms',
    bar: atMost(350, ' ms'),
    information: `${milliseconds('full')} ms, without ${milliseconds('plain')} ms`,
  };
}

/** What the module costs while nothing happens, while much waits, and at the start. */
export async function run(context) {
  const { children, effort, note, wants } = context;
  const types = DATABASES.filter(({ name }) => wants(name));
  const receiver = await children.start('receiver', 'support/receiver.mjs', {
    endpoints: 0,
    hangingEndpoints: effort.endpoints,
  });
  const { hangingPorts: ports } = await receiver.call('address');
  const idle = [];
  for (const type of types) idle.push(await startIdle(context, type));
  const startUp = await startUpRow(context);
  const memory = [];
  for (const type of types) memory.push(await memoryRow({ ...context, receiver, ports }, type));
  note('footprint: counting statements');
  const statements = [];
  for (const each of idle) statements.push(await idleRow(each));
  const backlog = effort.backlogRows.toLocaleString('en');
  return {
    groups: [
      { title: 'Statements a minute while there is nothing to do', rows: statements },
      {
        title: `Resident memory with a backlog of ${backlog} (the bar speaks of 100,000), more than with ${IN_FLIGHT}`,
        rows: memory,
      },
      { title: 'Start-up, more than of the same application without the module', rows: [startUp] },
    ],
    notes: [],
  };
}
