import { atMost } from '../support/bars.mjs';
import { between, median, summary } from '../support/statistics.mjs';

const SUBSCRIPTIONS = 1_000;

const CONTENDERS = [
  { name: 'SQLite', type: 'sqlite', bar: atMost(1.8) },
  { name: 'PostgreSQL', type: 'postgres', bar: atMost(2) },
];

async function repeat({ raw, contenders }, effort) {
  for (const { child, runs } of contenders) {
    const requests = SUBSCRIPTIONS * effort.fanOuts;
    const before = await raw.call('measure', requests);
    const { seconds } = await child.call('measure', effort.fanOuts);
    const after = await raw.call('measure', requests);
    const rawSeconds = between(before.seconds, after.seconds) / effort.fanOuts;
    runs.push({ seconds, rawSeconds, ratio: seconds / rawSeconds });
  }
  contenders.push(contenders.shift());
}

function rowOf({ name, bar, runs }) {
  const ms = (field) => (1000 * median(runs.map((run) => run[field]))).toFixed(0);
  const information = `${ms('seconds')} ms, raw ${ms('rawSeconds')} ms`;
  return { name, ratio: summary(runs.map(({ ratio }) => ratio)), bar, information };
}

/** One event for a thousand subscriptions. */
export async function run({ children, databases, effort, note, wants }) {
  const receiver = await children.start('receiver', 'support/receiver.mjs', { endpoints: effort.endpoints });
  const { ports } = await receiver.call('address');
  const raw = await children.start('raw', 'contenders/raw-client.mjs', { ports });
  const contenders = [];
  for (const contender of CONTENDERS.filter(({ name }) => wants(name))) {
    note(`fan-out: starting ${contender.name}`);
    const database = await databases.fresh(contender.type);
    const options = { database, ports, subscriptions: SUBSCRIPTIONS };
    const child = await children.start(`fan-out ${contender.name}`, 'contenders/fan-out-app.mjs', options);
    contenders.push({ ...contender, child, runs: [] });
  }
  if (contenders.length === 0) return { groups: [], notes: [] };
  const order = [...contenders];
  note('fan-out: warming up');
  await repeat({ raw, contenders }, effort);
  for (const { runs } of contenders) runs.length = 0;
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`fan-out: ${repetition} of ${effort.repetitions}`);
    await repeat({ raw, contenders }, effort);
  }
  const title = '1 event for 1,000 subscriptions ÷ 1,000 raw POSTs, in time until every outcome is on record';
  return { groups: [{ title, rows: order.map(rowOf) }], notes: [] };
}
