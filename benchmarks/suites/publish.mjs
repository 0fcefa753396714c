import { summary } from '../support/statistics.mjs';

export const title = 'What publishing adds to a transaction';

const ROWS = {
  secondInsert: 'a second plain INSERT',
  publish: 'publish()',
  publishAndClose: 'publish(), in a process that also dispatches',
};

async function rowsOn(type, { children, databases, effort, note }) {
  const [plain, publisher, host] = [
    await databases.fresh(type),
    await databases.fresh(type),
    await databases.fresh(type),
  ];
  const contender = await children.start(`publish ${type}`, 'contenders/publish-cost.mjs', {
    plain,
    publisher,
    host,
  });
  await contender.call('measure', effort.transactions);
  const runs = [];
  for (let repetition = 1; repetition <= effort.repetitions; repetition++) {
    note(`publish, ${type}: ${repetition} of ${effort.repetitions}`);
    runs.push(await contender.call('measure', effort.transactions));
  }
  await contender.close();
  return Object.entries(ROWS).map(([name, label]) => ({
    name: `${type}: ${label}`,
    unit: '× the same transaction without',
    ratio: summary(runs.map((run) => run[name] / run.plain)),
    information: `${Math.round(summary(runs.map((run) => run[name])).median)} µs, without ${Math.round(summary(runs.map((run) => run.plain)).median)} µs`,
  }));
}

/** One row for each variant and database. */
export async function run(context) {
  const rows = [];
  for (const type of ['sqlite', 'postgres'].filter(context.wants))
    rows.push(...(await rowsOn(type, context)));
  return { rows, notes: ['One connection, one caller: one business row, and what is named.'] };
}
