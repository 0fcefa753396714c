/**
 * Runs the benchmarks and prints one table. Nothing is written besides temporary databases, which are removed, unless --json asks.
 *
 *   npm run bench                                   everything, about ten minutes
 *   npm run bench -- --quick                        everything in about two minutes, less precisely
 *   npm run bench -- --only deliveries              publish, deliveries or latency
 *   npm run bench -- --only deliveries --match sqlite   only the contenders whose name contains this
 *   npm run bench -- --json results.json            also the figures as JSON
 *   npm run bench -- --profile folder               also a CPU profile of each process
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Children } from './support/children.mjs';
import { Databases } from './support/databases.mjs';
import { machine } from './support/machine.mjs';
import { printReport } from './support/report.mjs';
import * as deliveries from './suites/deliveries.mjs';
import * as latency from './suites/latency.mjs';
import * as publish from './suites/publish.mjs';

const SUITES = { publish, deliveries, latency };

const COMMON = { endpoints: 50, eventsPerSecond: 300 };
const FULL = {
  ...COMMON,
  repetitions: 9,
  transactions: 1_000,
  requests: 15_000,
  deliveries: 6_000,
  naiveDeliveries: 500,
  events: 900,
};
const QUICK = {
  ...COMMON,
  repetitions: 5,
  transactions: 300,
  requests: 5_000,
  deliveries: 2_000,
  naiveDeliveries: 150,
  events: 300,
};

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    match: { type: 'string', default: '' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
if (options.only !== undefined && !(options.only in SUITES)) {
  console.error(`--only ${options.only}: choose one of ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}

const children = new Children(options.profile);
const databases = new Databases();
let closing;
function tidyUp() {
  closing ??= children.close().finally(() => databases.close());
  return closing;
}
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => void tidyUp().finally(() => process.exit(code)));
}

function note(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function runSuite(name) {
  const effort = options.quick ? QUICK : FULL;
  const wants = (contender) => contender.includes(options.match);
  const { rows, notes } = await SUITES[name].run({ children, databases, effort, note, wants });
  await children.close();
  return { name, title: SUITES[name].title, repetitions: effort.repetitions, rows, notes };
}

try {
  const before = machine();
  const results = [];
  for (const name of options.only ? [options.only] : Object.keys(SUITES)) results.push(await runSuite(name));
  const about = { ...before, postgres: await databases.postgresVersion(), loadAfter: machine().load };
  note('');
  printReport(about, results);
  if (options.json) await writeFile(options.json, `${JSON.stringify({ about, results }, null, 2)}\n`);
} catch (error) {
  if (!closing) console.error(error);
  process.exitCode = 1;
} finally {
  await tidyUp();
}
