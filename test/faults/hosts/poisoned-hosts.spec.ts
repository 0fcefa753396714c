import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestDatabase } from '../../support/databases.js';
import { describeDatabases } from '../../support/databases.js';
import { TEST_KEY } from '../../support/host.js';
import { WireTap } from './wire-tap.js';

const HOST = fileURLToPath(new URL('./poisoned-host.mjs', import.meta.url));

interface Poisoned {
  readonly name: string;
  readonly order_id: string;
  readonly failure: string | null;
}

/** What one poison did to the host, and to what came of it over the wire. */
interface Effect {
  readonly name: string;
  readonly failure: string | null;
  readonly requests: readonly string[];
}

/** The HTTP client reads this of every request of its own making: nothing goes out, and it is tried again. */
const BREAKS_THE_CLIENT = 'Object.prototype.error';

/** What differs from one message to the next. */
function withoutOwn(request: string): string {
  return request
    .replace(/^(webhook-(id|timestamp|signature)): .*\r$/gim, '$1: …\r')
    .replace(/P-\d{3}/g, 'P-…');
}

describeDatabases('a host that somebody has poisoned', (database) => {
  let tap: WireTap;

  beforeEach(async () => {
    tap = await WireTap.start();
  });
  afterEach(() => tap.close());

  const effects = async (of: TestDatabase, sender: string, only = ''): Promise<Effect[]> => {
    const { NODE_OPTIONS: _jestFlags, ...env } = process.env;
    const own = {
      DATABASE: JSON.stringify(await of.fresh()),
      KEY: TEST_KEY,
      URL: tap.url('/hook?a=1'),
      SENDER: sender,
      ONLY: only,
    };
    const { stdout } = await promisify(execFile)(process.execPath, [HOST], { env: { ...env, ...own } });
    const done = JSON.parse(stdout) as Poisoned[];
    return done.map(({ name, order_id, failure }) => {
      const requests = tap.requests.filter((request) => request.includes(order_id)).map(withoutOwn);
      return { name, failure, requests };
    });
  };

  it.each(['own', 'intercepted'])('sends the very same bytes: by its %s transport', async (sender) => {
    const [healthy, ...poisoned] = await effects(database, sender);

    expect(healthy!.requests).toHaveLength(1);
    expect(healthy!.requests[0]).toMatch(
      /^POST \/hook\?a=1 HTTP\/1.1\r\n[^]*\r\n\r\n{"order":"P-…","total":1}$/,
    );
    const [same] = healthy!.requests;
    const isChanged = ({ failure, requests }: Effect): boolean =>
      failure !== null || requests.length !== 1 || requests[0] !== same;
    expect(poisoned.filter(isChanged)).toEqual([{ name: BREAKS_THE_CLIENT, failure: null, requests: [] }]);
    expect(poisoned.length).toBeGreaterThan(60);
  });

  it('sends other bytes, or none, were axios used as it comes', async () => {
    const only = '^none$|^axios|prototype.(auth|baseURL|headers|method|data|params|proxy)$';
    const [healthy, ...poisoned] = await effects(database, 'naive', only);

    const [same] = healthy!.requests;
    const changed = poisoned.filter(({ requests }) => requests.length !== 1 || requests[0] !== same);
    const names = changed.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['axios.defaults.headers', 'axios.interceptors.request']));
    expect(names.length).toBeGreaterThan(5);
  });
});
