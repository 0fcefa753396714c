import { atLeast, atMost } from '../support/bars.mjs';
import { arrived } from '../support/latencies.mjs';
import { median, summary } from '../support/statistics.mjs';

const DELAY_MS = 20;
/** So few that waiting is the limit: with the default of 64 it would be the two cores that all processes share here. */
const CONCURRENCY = 16;

/** A database with its publisher and so many replicas of the application. */
async function startCluster({ children, databases }, address, size) {
  const database = await databases.fresh('postgres');
  const publisher = await children.start(`publisher for ${size}`, 'contenders/backlog-publisher.mjs', {
    database,
    endpoints: address.ports.length,
  });
  const replicas = [];
  for (let number = 0; number < size; number++) {
    const delivery = { concurrency: CONCURRENCY };
    const options = { database, delivery, subscribe: number === 0, ...address };
    const name = `replica ${number + 1} of ${size}`;
    replicas.push(await children.start(name, 'contenders/delivery-app.mjs', options));
  }
  return { publisher, replicas };
}

async function measure({ publisher, replicas }, receiver, count) {
  await receiver.call('reset', { record: true });
  const committedAt = await publisher.call('publish', count);
  const { lastAt } = await arrived(receiver, count);
  await Promise.all(replicas.map((replica) => replica.call('drain')));
  const tally = await receiver.call('tally');
  if (tally.count < count) throw new Error(`${tally.count} of ${count} events arrived`);
  return { rate: (count * 1000) / (lastAt - committedAt), duplicates: tally.duplicates };
}

/** Two processes on one PostgreSQL, sending to endpoints that take their time. */
export async function run(context) {
  const { children, effort, note } = context;
  const receiver = await children.start('receiver', 'support/receiver.mjs', {
    endpoints: effort.endpoints,
    delayMs: DELAY_MS,
  });
  const address = await receiver.call('address');
  note('replicas: starting');
  const one = await startCluster(context, address, 1);
  const two = await startCluster(context, address, 2);
  const { deliveries } = effort.replicas;
  const runs = [];
  for (let repetition = 0; repetition <= effort.repetitions; repetition++) {
    note(`replicas: ${repetition === 0 ? 'warming up' : `${repetition} of ${effort.repetitions}`}`);
    const single = await measure(one, receiver, deliveries);
    const double = await measure(two, receiver, deliveries);
    const duplicates = single.duplicates + double.duplicates;
    runs.push({ single: single.rate, double: double.rate, ratio: double.rate / single.rate, duplicates });
  }
  runs.shift();
  const perSecond = (field) => Math.round(median(runs.map((run) => run[field])));
  const ratio = {
    name: 'PostgreSQL',
    ratio: summary(runs.map((run) => run.ratio)),
    bar: atLeast(1.8),
    information: `${perSecond('double')}/s, one ${perSecond('single')}/s`,
  };
  const duplicates = runs.reduce((sum, run) => sum + run.duplicates, 0);
  const counted = {
    name: 'PostgreSQL, received twice',
    count: duplicates,
    bar: atMost(0),
    information: `of ${(2 * runs.length * deliveries).toLocaleString('en')}`,
  };
  const title = `Deliveries per second of two replicas ÷ one; ${CONCURRENCY} requests in flight each, endpoints answer after ${DELAY_MS} ms`;
  return { groups: [{ title, rows: [ratio, counted] }], notes: [] };
}
