import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../arch/cruise.js';

const RUN = /<!-- run -->\s+```sh\n([\s\S]*?)```/g;
const UP = /app runs at http:\/\/127\.0\.0\.1:(\d+)\s+A receiver listens at +http:\/\/127\.0\.0\.1:(\d+)/;

/** The commands of a page, in their order, as one script that ends at the first that fails. */
async function scriptOf(page: string, [app, receiver]: readonly [string, string]): Promise<string> {
  const text = await readFile(join(ROOT, 'docs', page), 'utf8');
  const commands = [...text.matchAll(RUN)].map(([, code]) => code);
  return `set -e\n${commands.join('\n')}`.replaceAll(':3000', `:${app}`).replaceAll(':3001', `:${receiver}`);
}

function shell(script: string): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', script], (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: `${stdout}\n${stderr}` });
    });
  });
}

describe('the commands in the documentation of the API', () => {
  it.each([
    ['admin-api.md', 12, /"test":true,"state":"succeeded","attempts":1/],
    [
      'reconciliation.md',
      8,
      /"type":"OrderCreated"[^]*"state":"exhausted"[^]*"matched":1,"succeeded":1,[^]*\{"items":\[\],"next":null\}/,
    ],
    ['observability.md', 6, /"action":"pause","reason":"ticket 4711"/],
  ])('of %s run against the demo, and show what they promise', async (page, least, shown) => {
    const folder = await mkdtemp(join(tmpdir(), 'webhooks-docs-'));
    const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
    const demo = spawn(process.execPath, [join(ROOT, 'apps/booking/dist/demo/main.js'), '--serve'], {
      env: { ...env, NO_COLOR: '1', PORT: '0', BOOKING_DB: join(folder, 'booking.sqlite') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(demo, 'exit');
    let said = '';
    demo.stdout.setEncoding('utf8');
    for await (const text of demo.stdout.iterator({ destroyOnReturn: false })) {
      said += String(text);
      if (UP.test(said)) break;
    }
    demo.stdout.resume();
    const [, app, receiver] = UP.exec(said)!;

    const script = await scriptOf(page, [app!, receiver!]);
    const { code, output } = await shell(script);

    demo.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true });
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.not.stringContaining('"type":"about:blank"'),
    });
    expect(script.match(/\bapi ['"]?\//g)!.length).toBeGreaterThanOrEqual(least);
    expect(output).toMatch(/sub_[0-9A-Z]{26}/);
    expect(output).toMatch(shown);
  });
});
