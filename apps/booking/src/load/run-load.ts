import { setTimeout as sleep } from 'node:timers/promises';
import { INTERRUPTED, interruption } from '../demo/interruption.js';
import type { Terminal } from '../demo/terminal.js';
import type { LoadOptions } from './load-options.js';
import { count, faultsOf, reportOf, tableOf } from './load-report.js';
import { LoadStage } from './load-stage.js';
import { OrderStream } from './order-stream.js';
import type { Progress } from './progress-bar.js';
import { ProgressBar } from './progress-bar.js';

const LOOK_MS = 50;
/** When nothing has arrived for so long, nothing more will. */
const STALL_MS = 20_000;

/** Sends the load and tells what came of it; resolves to the exit code. */
export async function runLoad(
  terminal: Terminal,
  options: LoadOptions,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const enough = new AbortController();
  void interruption().then(() => enough.abort());
  const { bold, dim } = terminal.paint;
  const stage = await terminal.waiting(
    'the booking app and three receivers to start',
    LoadStage.open(env['DATABASE_URL']),
  );
  try {
    terminal.say(`\n${bold(`${count(options.orders)} orders, ${count(options.rate)} a second`)}`);
    terminal.say(dim(`  database   ${stage.database.label}`));
    for (const { manner } of stage.receivers)
      terminal.say(dim(`  receiver   ${manner.name}: ${manner.about}`));
    terminal.say();
    const stream = new OrderStream(stage.counter, options, enough.signal);
    const seconds = await drive(stage, { stream, options, signal: enough.signal });
    return tell(terminal, stage, { stream, options, seconds, isInterrupted: enough.signal.aborted });
  } finally {
    await stage.close();
  }
}

interface Drive {
  readonly stream: OrderStream;
  readonly options: LoadOptions;
  readonly signal: AbortSignal;
}

/** Returns the seconds that the orders took. */
async function drive(stage: LoadStage, { stream, options, signal }: Drive): Promise<number> {
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1000;
  const bar = new ProgressBar(() => ordersMade(stream, options, elapsed()));
  await stream.run();
  const seconds = elapsed();
  bar.stop();
  const arriving = new ProgressBar(() => deliveriesMade(stage, stream));
  await allArrived(stage, stream, signal);
  arriving.stop();
  return seconds;
}

function ordersMade({ orders, refused }: OrderStream, options: LoadOptions, seconds: number): Progress {
  const rate = Math.round(orders / Math.max(seconds, 0.001));
  return {
    done: orders + refused,
    of: options.orders,
    note: `${count(orders)} orders made, ${count(rate)}/s`,
  };
}

function deliveriesMade({ receivers }: LoadStage, { acknowledged }: OrderStream): Progress {
  const done = receivers.reduce((sum, { taken }) => sum + taken.size, 0);
  const of = receivers.length * acknowledged.size;
  return { done, of, note: `${count(done)} of ${count(of)} webhooks delivered` };
}

async function allArrived(stage: LoadStage, stream: OrderStream, signal: AbortSignal): Promise<void> {
  let [last, changedAt] = [-1, performance.now()];
  while (!signal.aborted && performance.now() - changedAt < STALL_MS) {
    const { done, of } = deliveriesMade(stage, stream);
    if (done >= of) return;
    if (done !== last) [last, changedAt] = [done, performance.now()];
    await sleep(LOOK_MS);
  }
}

interface Outcome {
  readonly stream: OrderStream;
  readonly options: LoadOptions;
  readonly seconds: number;
  readonly isInterrupted: boolean;
}

function tell(terminal: Terminal, { receivers }: LoadStage, outcome: Outcome): number {
  const { stream, options, seconds, isInterrupted } = outcome;
  const { bold, dim, green, red } = terminal.paint;
  const reports = receivers.map((receiver) => reportOf(receiver, stream));
  const rate = Math.round(stream.orders / seconds);
  const pace = `${seconds.toFixed(1)} s, ${count(rate)} a second of ${count(options.rate)} asked for`;
  terminal.say(
    `\n${bold(`${count(stream.orders)} orders, ${count(stream.acknowledged.size)} events`)}  ${dim(pace)}`,
  );
  const [head, ...rows] = tableOf(reports);
  terminal.say(dim(`\n  ${head}`));
  for (const row of rows) terminal.say(`  ${row}`);
  terminal.say(dim('\n  Times are milliseconds from the commit to the receipt that was answered 204.'));
  if (isInterrupted) {
    terminal.say('\nInterrupted: what had not arrived yet is not counted as lost.');
    return INTERRUPTED;
  }
  const faults = faultsOf(stream, reports);
  for (const fault of faults) terminal.say(`\n${red('✗')} ${fault}`);
  if (faults.length === 0) terminal.say(`\n${green('✓')} Everything that was acknowledged has arrived.`);
  return faults.length === 0 ? 0 : 1;
}
