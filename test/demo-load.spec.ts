import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { describeDatabases } from './support/databases.js';
import { bookingSchemas, environmentOf, ProgramRun } from './support/program-run.js';

const MAIN = fileURLToPath(new URL('../apps/booking/dist/load/main.js', import.meta.url));

jest.setTimeout(90_000);

describeDatabases('the load generator', (database) => {
  it('makes the orders, delivers every event to each receiver, tells the figures and leaves nothing behind', async () => {
    const env = await environmentOf(database);
    const run = new ProgramRun(MAIN, env, '--orders', '40', '--rate', '400');
    const exitCode = await run.exitCode();
    expect({ exitCode, output: run.output }).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('Everything that was acknowledged has arrived.'),
    });
    // 40 made, 10 of them ticketed, 2 of those cancelled.
    expect(run.output).toContain('40 orders, 52 events');
    expect(run.output).toMatch(/100 % {2}40 orders made/);
    expect(run.output).toMatch(/100 % {2}156 of 156 webhooks delivered/);
    for (const name of ['healthy', 'slow'])
      expect(run.output).toMatch(new RegExp(`${name} +52 +52 +0 +0 +0 +0 +\\d`));
    expect(run.output).toMatch(/failing +52 +52 +18 +18 +0 +0 +\d/);
    expect(run.output).not.toContain('\x1b[');
    expect(run.output).not.toContain('Warning');
    expect(env['DATABASE_URL'] ? await bookingSchemas(env['DATABASE_URL']) : []).toEqual([]);
  });

  it('ends on Ctrl-C with what there is so far, and leaves nothing behind', async () => {
    const env = await environmentOf(database);
    const run = new ProgramRun(MAIN, env, '--orders', '100000', '--rate', '50');
    const [, file] = await run.printed(/database {3}(?:SQLite file (\S+)|PostgreSQL)[^]+orders made/);
    run.interrupt();
    expect(await run.exitCode()).toBe(130);
    expect(run.output).toMatch(/receiver +events[^]+Interrupted/);
    expect(existsSync(file ?? '')).toBe(false);
    expect(env['DATABASE_URL'] ? await bookingSchemas(env['DATABASE_URL']) : []).toEqual([]);
  });
});

describe('what the load generator is asked', () => {
  it.each([
    { asked: ['--help'], exitCode: 0 },
    { asked: ['--orders', 'many'], exitCode: 2 },
  ])('$asked is answered with how it is used', async ({ asked, exitCode }) => {
    const run = new ProgramRun(MAIN, {}, ...asked);
    expect(await run.exitCode()).toBe(exitCode);
    expect(run.output).toContain('npm run demo:load -- --orders 5000 --rate 500');
  });
});
