/**
 * Runs the benchmarks and prints one table. Nothing is written besides temporary databases, which are removed, unless --json asks.
 *
 *   npm run bench                                   everything, about sixteen minutes
 *   npm run bench -- --quick                        everything in two to three and a half minutes, less precisely
 *   npm run bench -- --only deliveries,publish      some of the suites
 *   npm run bench -- --only deliveries --match SQLite   only the contenders whose name contains this
 *   npm run bench -- --peers                        also BullMQ and Graphile Worker, which it installs beside itself
 *   npm run bench -- --json results.json            also the figures as JSON
 *   npm run bench -- --markdown table.md            also the table as it stands in docs/performance.md
 *   npm run bench -- --profile folder               also a CPU profile of each process
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Children } from './support/children.mjs';
import { Databases } from './support/databases.mjs';
import { FULL, QUICK } from './support/effort.mjs';
import { machine } from './support/machine.mjs';
import { markdownOf } from './support/markdown.mjs';
import { Note } from './support/note.mjs';
import { isMet, printReport } from './support/report.mjs';
import * as claim from './suites/claim.mjs';
import * as deliveries from './suites/deliveries.mjs';
import * as fanOut from './suites/fan-out.mjs';
import * as footprint from './suites/footprint.mjs';
import * as latency from './suites/latency.mjs';
import * as neighbour from './suites/neighbour.mjs';
import * as peers from './suites/peers.mjs';
import * as publish from './suites/publish.mjs';
import * as replay from './suites/replay.mjs';
import * as replicas from './suites/replicas.mjs';
import * as transport from './suites/transport.mjs';

const SUITES = {
  transport,
  deliveries,
  peers,
  'fan-out': fanOut,
  publish,
  claim,
  neighbour,
  replay,
  replicas,
  latency,
  footprint,
};

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    match: { type: 'string', default: '' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    profile: { type: 'string' },
    peers: { type: 'boolean', default: false },
  },
});
const names = options.only?.split(',') ?? Object.keys(SUITES);
const unknown = names.find((name) => !(name in SUITES));
if (unknown !== undefined) {
  console.error(`--only ${unknown}: choose from ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}

const note = new Note();
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

const effort = options.quick ? QUICK : FULL;
const context = {
  children,
  databases,
  effort,
  note: (text) => note.say(text),
  withPeers: options.peers || options.only?.split(',').includes('peers') === true,
  wants: (contender) => contender.includes(options.match),
};

async function runSuite(name) {
  const startedAt = note.seconds;
  const result = await SUITES[name].run(context);
  await children.close();
  return { name, seconds: Math.round(note.seconds - startedAt), ...result };
}

/** What the bars are objects of functions for, as plain values. */
function plain({ groups, ...result }) {
  const rows = groups.flatMap(({ title, rows: each }) => each.map((row) => ({ group: title, ...row })));
  return { ...result, rows: rows.map((row) => ({ ...row, bar: row.bar?.text, met: isMet(row) })) };
}

try {
  const before = machine();
  const results = [];
  for (const name of names) results.push(await runSuite(name));
  const about = {
    ...before,
    postgres: await databases.postgresVersion(),
    loadAfter: machine().load,
    repetitions: effort.repetitions,
    seconds: Math.round(note.seconds),
  };
  note.clear();
  printReport(about, results);
  if (options.json)
    await writeFile(options.json, `${JSON.stringify({ about, results: results.map(plain) }, null, 2)}\n`);
  if (options.markdown) await writeFile(options.markdown, markdownOf(results));
} catch (error) {
  if (!closing) console.error(error);
  process.exitCode = 1;
} finally {
  await tidyUp();
}
