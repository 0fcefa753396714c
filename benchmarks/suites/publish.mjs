import { atMost } from '../support/bars.mjs';
import { median, summary } from '../support/statistics.mjs';

const LABEL = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
const EVENTS = [1, 2, 100];

const ROWS = [
  { name: 'without a subject', variant: 'publish', bars: { postgres: atMost(1.35) } },
  { name: 'with a subject', variant: 'subject', bars: { postgres: atMost(1.6) } },
  { name: 'without, in a process that also sends', variant: 'publishAndClose' },
  { name: 'with, in a process that also sends', variant: 'subjectAndClose' },
];

function rowOf(type, runs, { name, variant, bars }) {
  const microseconds = (of) => Math.round(median(runs.map((run) => run[of])));
  const toNone = summary(runs.map((run) => run[variant] / run.plain)).median.toFixed(2);
  return {
    name: `${LABEL[type]}, ${name}`,
    ratio: summary(runs.map((run) => run[variant] / run.secondInsert)),
    bar: bars?.[type],
    information: `${microseconds(variant)} µs, with the INSERT ${microseconds('secondInsert')} µs, without either ${microseconds('plain')} µs (× ${toNone})`,
  };
}

async function measure(type, { children, databases, effort, note }) {
  const [plain, publisher, host] = [
    await databases.fresh(type),
    await databases.fresh(type),
    await databases.fresh(type),
  ];
  const options = { plain, publisher, host };
  const contender = await children.start(`publish ${type}`, 'contenders/publish-cost.mjs', options);
  await contender.call('measure', effort.transactions);
  const runs = [];
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`publish, ${LABEL[type]}: ${repetition} of ${effort.repetitions}`);
    runs.push(await contender.call('measure', effort.transactions));
  }
  const statements = type === 'postgres' ? [await statementRow(contender)] : [];
  await contender.close();
  return { costs: ROWS.map((row) => rowOf(type, runs, row)), statements };
}

async function statementRow(contender) {
  const added = await contender.call('addedStatements', EVENTS);
  const most = Math.max(...Object.values(added));
  const counts = Object.entries(added).map(([events, count]) => `${count} for ${events}`);
  return { name: 'PostgreSQL', count: most, bar: atMost(1), information: `${counts.join(', ')} events` };
}

/** What publishing adds to a transaction. */
export async function run(context) {
  const all = [];
  for (const type of ['sqlite', 'postgres'].filter((each) => context.wants(LABEL[each])))
    all.push(await measure(type, context));
  return {
    groups: [
      {
        title:
          'A transaction that publishes ÷ the same with a plain INSERT of 2 kB instead; one connection, one caller',
        rows: all.flatMap(({ costs }) => costs),
      },
      {
        title: 'Statements that publishing adds to a transaction, however many events',
        rows: all.flatMap(({ statements }) => statements),
      },
    ],
    notes: ['Each transaction has one business row besides.'],
  };
}
