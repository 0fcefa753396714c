import { Terminal } from '../demo/terminal.js';
import { loadOptions } from './load-options.js';
import { runLoad } from './run-load.js';

const USAGE = `npm run demo:load -- --orders 5000 --rate 500

  --orders 5000              how many to make, at most 200,000
  --rate 500                 how many a second, at most 10,000
  DATABASE_URL=postgres://…  on PostgreSQL instead of a SQLite file
  NO_COLOR=1                 without colours`;

const GRACE_MS = 2_000;
const terminal = new Terminal();
const args = process.argv.slice(2);
const options = loadOptions(args);
if (options === null) {
  terminal.say(USAGE);
  process.exitCode = args.includes('--help') ? 0 : 2;
} else {
  try {
    process.exitCode = await runLoad(terminal, options, process.env);
  } catch (error) {
    terminal.say(`\n${terminal.paint.red('✗')} ${(error as Error).message}`);
    process.exitCode = 1;
    // What failed half-way may have left a connection open.
    setTimeout(() => process.exit(), GRACE_MS).unref();
  }
}
