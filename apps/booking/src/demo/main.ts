import { INTERRUPTED } from './interruption.js';
import { runDemo } from './run-demo.js';
import { serveDemo } from './serve-demo.js';
import { Terminal } from './terminal.js';

const USAGE = `npm run demo               plays the whole way through, checks it and ends
npm run demo -- --serve    keeps the booking app running and prints what to try with curl

  DATABASE_URL=postgres://…  on PostgreSQL instead of a SQLite file
  PORT=3000                  with --serve: the app's port; the receiver has the next one
  BOOKING_DB=./my.sqlite     with --serve: the SQLite file, which stays
  NO_COLOR=1                 without colours`;

const GRACE_MS = 2_000;

async function main(terminal: Terminal, [mode, ...rest]: readonly string[]): Promise<number> {
  if (mode === undefined) return runDemo(terminal, process.env);
  if (mode === '--serve' && rest.length === 0) return serveDemo(terminal, process.env);
  terminal.say(USAGE);
  return mode === '--help' ? 0 : 2;
}

const terminal = new Terminal();
try {
  process.exitCode = await main(terminal, process.argv.slice(2));
  // The story still waits for what does not come any more.
  if (process.exitCode === INTERRUPTED) process.exit();
} catch (error) {
  terminal.say(`\n${terminal.paint.red('✗')} ${(error as Error).message}`);
  process.exitCode = 1;
  // What failed half-way may have left a connection open.
  setTimeout(() => process.exit(), GRACE_MS).unref();
}
