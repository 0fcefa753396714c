import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const HOST = fileURLToPath(new URL('./light-host.mjs', import.meta.url));

describe('an application that only receives', () => {
  it('loads neither an ORM nor an HTTP client nor templates', async () => {
    const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
    const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

    const { stdout } = await promisify(execFile)(process.execPath, [HOST], { env: { ...env, SECRET } });

    // The core is refused there: the hook works.
    expect(JSON.parse(stdout)).toEqual({ booted: true, core: expect.stringContaining('barred: ') });
  });
});
