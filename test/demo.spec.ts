import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { describeDatabases } from './support/databases.js';
import { bookingSchemas, environmentOf, ProgramRun } from './support/program-run.js';

const MAIN = fileURLToPath(new URL('../apps/booking/dist/demo/main.js', import.meta.url));
const GIVEN = new URL('../apps/booking/src/demo/given/', import.meta.url);
const EXPECTED = fileURLToPath(new URL('../apps/booking/src/demo/expected', import.meta.url));
const FIXTURES = new URL('./fixtures/templates.json', import.meta.url);
const ESCAPE = '\x1b[';

jest.setTimeout(300_000);

describeDatabases('the demo', (database) => {
  it('plays the whole way through, keeps every promise, leaves nothing behind, and does so again', async () => {
    const env = await environmentOf(database);
    for (const time of ['first', 'second']) {
      const run = new ProgramRun(MAIN, env);
      const exitCode = await run.exitCode();
      expect({ time, exitCode, output: run.output }).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('All 16 promises kept'),
      });
      expect(run.output).toContain(
        `"freeText": "Order has been ticketed, this is your order ID: AGW-E1TLLZH0HB"`,
      );
      expect(run.output).toMatch(
        /attempt 1\n[^◀]+answered 500[^◀]+◀.+attempt 2\n[^◀]+answered 503[^◀]+◀.+attempt 3/,
      );
      expect(run.output).toContain('✓ a rolled-back booking sends nothing');
      expect(run.output).toMatch(/◷ [^◷]+◀ \/gone +OrderStarted[^◷]+◷ [^◷]+◀ \/healthy +OrderCompleted/);
      expect(run.output).not.toContain('✗');
      expect(run.output).not.toContain(ESCAPE);
    }
    expect(env['DATABASE_URL'] ? await bookingSchemas(env['DATABASE_URL']) : []).toEqual([]);
  });

  it('keeps the app running with --serve, shows arrivals as they come and ends on Ctrl-C', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'demo-spec-'));
    const file = join(folder, 'booking.sqlite');
    const env = { ...(await environmentOf(database)), BOOKING_DB: file, PORT: '0' };
    const run = new ProgramRun(MAIN, env, '--serve');
    const [, app, receiver] = await run.printed(/app runs at (\S+)\n.+listens at +([^,]+),[^]+Ctrl-C ends/);

    const headers = {
      ...{ 'content-type': 'application/json' },
      ...{ 'x-consumer-id': 'nube-travel', 'x-agent-id': 'lucia-perez' },
    };
    const post = (path: string, body: string) => fetch(`${app}${path}`, { method: 'POST', headers, body });
    await post('/webhooks/subscriptions', JSON.stringify({ url: `${receiver}/fails-twice` }));
    await post('/orders', await readFile(new URL('order.json', GIVEN), 'utf8'));
    await run.printed(/POST \/fails-twice +OrderCreated · sequence 1 · attempt 1\n[^]+answered 500/);

    run.interrupt();
    expect(await run.exitCode()).toBe(0);
    expect(run.output).toContain('Stopped.');
    await rm(folder, { recursive: true });
  });
});

/** How a copy of the expectations differs, and what must be said about it. */
const TAMPERED = [
  {
    file: 'airgateway.http',
    change: (text: string) => text.replace('"pnr":"YMCP6O"', '"pnr":"YMCP60"'),
    says: "✗ AirGateway's example arrives byte for byte as documented",
  },
  {
    file: 'arrivals.txt',
    change: (text: string) => text.replace(/^POST \/refunds.+attempt 3\n/m, ''),
    says: "✗ the receiver's log holds these requests and no other",
  },
  {
    file: 'OrderCanceled.json',
    change: (text: string) => text.replace('"refund_amount": 400.5', '"refund_amount": "400.5"'),
    says: '✗ OrderCanceled arrives in the standard envelope',
  },
  {
    file: 'journey.txt',
    change: (text: string) => text.replace('exhausted after 3', 'exhausted after 4'),
    says: '✗ the archive tells who was told what, what is owed, and what was paid by sending it again',
  },
];

describe('what the demo expects', () => {
  it('makes it fail, and say where, as soon as a character, a request or a type differs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'demo-spec-'));
    await cp(EXPECTED, folder, { recursive: true });
    for (const { file, change } of TAMPERED) {
      const text = await readFile(join(folder, file), 'utf8');
      await writeFile(join(folder, file), change(text));
    }
    const run = new ProgramRun(MAIN, { DEMO_EXPECT: folder });
    expect(await run.exitCode()).toBe(1);
    for (const { says } of TAMPERED) expect(run.output).toContain(says);
    expect(run.output).toContain('4 of 16 promises broken');
    await rm(folder, { recursive: true });
  });

  it('is, of the vendor, what his documentation says', async () => {
    const [documented] = JSON.parse(await readFile(FIXTURES, 'utf8'));
    const message = await readFile(join(EXPECTED, 'airgateway.http'), 'utf8');
    expect(message.trimEnd().split('\n').at(-1)).toBe(documented.expected.body_text);
    const { http_request } = JSON.parse(await readFile(new URL('airgateway.json', GIVEN), 'utf8'));
    expect(http_request).toEqual({ method: 'POST', ...documented.request });
  });
});

describe('Ctrl-C', () => {
  it('ends the demo half-way and removes its database', async () => {
    const run = new ProgramRun(MAIN, {});
    const [, file] = await run.printed(/SQLite file (\S+)/);
    await run.printed(/attempt 1\n[^◀]+answered 500/);
    run.interrupt();
    expect(await run.exitCode()).toBe(130);
    expect(existsSync(file!)).toBe(false);
    expect(run.output).not.toContain('promises');
  });
});
