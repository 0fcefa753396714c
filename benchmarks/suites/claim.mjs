import { atMost } from '../support/bars.mjs';
import { median, summary } from '../support/statistics.mjs';

const FEW = 1_000;
const LABEL = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

async function startAll({ children, databases, effort, note, wants }) {
  const contenders = [];
  for (const type of ['sqlite', 'postgres'].filter((each) => wants(LABEL[each]))) {
    const sized = {};
    for (const [size, rows] of Object.entries({ few: FEW, many: effort.openRows })) {
      note(`claim, ${LABEL[type]}: writing ${rows.toLocaleString('en')} rows`);
      const options = { database: await databases.fresh(type), rows };
      sized[size] = await children.start(`claim ${type} ${rows}`, 'contenders/claimer.mjs', options);
    }
    contenders.push({ name: LABEL[type], ...sized, runs: [] });
  }
  return contenders;
}

async function repeat(contenders, effort) {
  for (const { few, many, runs } of contenders) {
    const short = median(await few.call('measure', effort.claims));
    const long = median(await many.call('measure', effort.claims));
    runs.push({ short, long, ratio: long / short });
  }
}

function rowOf({ name, runs }) {
  const ms = (field) => median(runs.map((run) => run[field])).toFixed(2);
  const information = `${ms('long')} ms, among 1,000 ${ms('short')} ms`;
  return { name, ratio: summary(runs.map(({ ratio }) => ratio)), bar: atMost(2), information };
}

/** What a claim costs with a large backlog. */
export async function run(context) {
  const { effort, note } = context;
  const contenders = await startAll(context);
  note('claim: warming up');
  await repeat(contenders, effort);
  for (const { runs } of contenders) runs.length = 0;
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`claim: ${repetition} of ${effort.repetitions}`);
    await repeat(contenders, effort);
  }
  const many = effort.openRows.toLocaleString('en');
  const title = `A claim of 100 among ${many} open rows ÷ among 1,000 (the bar speaks of 1,000,000)`;
  return { groups: [{ title, rows: contenders.map(rowOf) }], notes: [] };
}
