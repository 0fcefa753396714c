import { WebhookReceiver } from '../../testing/webhook-receiver.js';
import { EgressGuard } from './egress-guard.js';
import { HttpWebhookTransport, type HttpWebhookTransportOptions } from './http-webhook.transport.js';
import type { ResolveAll } from './pinned-lookup.js';
import type { TransportResult } from './webhook.transport.js';

// In a turn of its own, as node:dns answers.
const answers =
  (...addresses: string[]): ResolveAll =>
  (_hostname, _options, callback) =>
    setImmediate(() =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );

const failure =
  (code: string): ResolveAll =>
  (_hostname, _options, callback) =>
    setImmediate(() => callback(Object.assign(new Error(`getaddrinfo ${code}`), { code }), []));

async function get(
  url: string,
  options: HttpWebhookTransportOptions,
  timeoutMs = 20_000,
): Promise<TransportResult> {
  const transport = new HttpWebhookTransport(options);
  const result = await transport.send({ method: 'GET', url, headers: {}, body: null, timeoutMs });
  await transport.close();
  return result;
}

describe('egress', () => {
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.clear());
  afterAll(() => receiver.close());

  it.each([
    ['a literal address', 'http://127.0.0.1:{port}/', {}],
    ['a literal IPv6 address', 'http://[::1]:{port}/', {}],
    ['a mapped address', 'http://[::ffff:127.0.0.1]:{port}/', {}],
    ['an address in disguise', 'http://2130706433:{port}/', {}],
    ['the metadata service', 'http://169.254.169.254/latest/meta-data', {}],
    ['localhost', 'http://localhost:{port}/', {}],
    ['a name that resolves inside', 'http://receiver.test:{port}/', { resolve: answers('127.0.0.1') }],
    [
      'one bad answer of two',
      'http://receiver.test:{port}/',
      { resolve: answers('93.184.216.34', '127.0.0.1') },
    ],
    ['a listed range behind a private name', 'http://receiver.internal:{port}/', { allow: ['127.0.0.0/8'] }],
    ['a literal address over TLS', 'https://127.0.0.1:{port}/', {}],
  ])('blocks %s and sends nothing', async (_case, url, options) => {
    const result = await get(url.replace('{port}', String(receiver.port)), options);
    expect(result).toMatchObject({ status: null, error: 'TARGET_BLOCKED', body: '' });
    expect(receiver.requests).toHaveLength(0);
  });

  it.each([
    ['a name that leads to a listed range', 'receiver.test', { allow: ['127.0.0.0/8'] }],
    ['a listed name, wherever it leads', 'receiver.internal', { allow: ['receiver.internal'] }],
    ['a listed single label', 'receiver', { allow: ['receiver'] }],
  ])('reaches %s', async (_case, host, options) => {
    const result = await get(`http://${host}:${receiver.port}/`, {
      ...options,
      resolve: answers('127.0.0.1'),
    });
    expect(result).toMatchObject({ status: 204, error: null });
    expect(receiver.requests[0]?.headers['host']).toBe(`${host}:${receiver.port}`);
  });

  it('reaches localhost where one of its two addresses is allowed', async () => {
    const options = { allow: ['127.0.0.1'], resolve: answers('::1', '127.0.0.1') };
    expect(await get(`http://localhost:${receiver.port}/`, options)).toMatchObject({ status: 204 });
  });

  it('resolves a name once: what was judged is what is connected', async () => {
    let asked = 0;
    const rebinding: ResolveAll = (hostname, options, callback) =>
      answers(++asked === 1 ? '127.0.0.1' : '169.254.169.254')(hostname, options, callback);
    const result = await get(`http://receiver.test:${receiver.port}/`, {
      allow: ['127.0.0.1'],
      resolve: rebinding,
    });
    expect(result).toMatchObject({ status: 204 });
    expect(asked).toBe(1);
  });

  it('looks at the address that the connection really has, before TLS begins', async () => {
    let judged = 0;
    class Forgetful extends EgressGuard {
      override checkAddress(address: string, hostname: string): string | null {
        return ++judged <= 1 ? null : super.checkAddress(address, hostname);
      }
    }
    for (const scheme of ['http', 'https']) {
      judged = 0;
      const url = `${scheme}://receiver.test:${receiver.port}/`;
      const result = await get(url, { guard: new Forgetful(), resolve: answers('127.0.0.1') });
      expect(result).toMatchObject({
        error: 'TARGET_BLOCKED',
        detail: expect.stringContaining('led to a refused address: 127.0.0.1'),
      });
    }
    expect(receiver.requests).toHaveLength(0);
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ESERVFAIL', 'EREFUSED', 'ETIMEOUT', 'EINVAL'])(
    'calls %s a DNS error',
    async (code) => {
      expect(await get('http://receiver.test/', { resolve: failure(code) })).toMatchObject({
        error: 'DNS_ERROR',
      });
    },
  );

  it('calls a name that is too long to be asked for a DNS error', async () => {
    expect(await get(`http://${'a.'.repeat(140)}example/`, {})).toMatchObject({ error: 'DNS_ERROR' });
  });

  it('calls a name without addresses a DNS error', async () => {
    expect(await get('http://receiver.test/', { resolve: answers() })).toMatchObject({ error: 'DNS_ERROR' });
  });

  it('gives a name that never resolves its own time', async () => {
    const options = { resolve: () => undefined, dnsTimeoutMs: 100 };
    expect(await get('http://receiver.test/', options)).toMatchObject({ error: 'DNS_ERROR' });
  });

  it('keeps the deadline while a name never resolves', async () => {
    const result = await get('http://receiver.test/', { resolve: () => undefined }, 150);
    expect(result).toMatchObject({ error: 'CONNECT_TIMEOUT', detail: expect.stringContaining('connecting') });
  });

  it('says at once what is wrong with a target that is to be saved', () => {
    const transport = new HttpWebhookTransport({ allow: ['127.0.0.0/8'] });
    expect(transport.checkTarget('http://127.0.0.1:3000/')).toBeNull();
    expect(transport.checkTarget('http://10.0.0.1/')).toContain('10.0.0.1 is not public');
  });
});
