import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebhookReceiver } from '../../testing/webhook-receiver.js';
import {
  ConnectProxy,
  type ConnectProxyOptions,
  type ProxyAnswer,
} from '../../../../test/support/connect-proxy.js';
import type { EgressOptions, EgressProxyOptions } from './egress-options.js';
import { EgressGuard } from './egress-guard.js';
import { HttpWebhookTransport, type HttpWebhookTransportOptions } from './http-webhook.transport.js';
import type { ResolveAll } from './pinned-lookup.js';
import { CERTIFICATE, PRIVATE_KEY } from '../../../../test/support/tls-identity.js';
import type { TransportResult } from './webhook.transport.js';

const PUBLIC = '93.184.216.34';
const OTHER = '2606:2800:220::1';

const answers =
  (...addresses: string[]): ResolveAll =>
  (_hostname, _options, callback) =>
    setImmediate(() =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );

const never: ResolveAll = () => {
  throw new Error('a name was resolved');
};

describe('egress.proxy', () => {
  let receiver: WebhookReceiver;
  let proxy: ConnectProxy;
  let transport: HttpWebhookTransport;

  async function begin(
    options: Partial<EgressProxyOptions> & Pick<ConnectProxyOptions, 'secure' | 'answer'> = {},
    more: HttpWebhookTransportOptions & { egress?: EgressOptions } = {},
  ): Promise<void> {
    const { secure = false, answer, ...own } = options;
    proxy = await ConnectProxy.start({ port: receiver.port, secure, ...(answer && { answer }) });
    const url = `http${secure ? 's' : ''}://127.0.0.1:${proxy.port}`;
    const guard = new EgressGuard({ ...more.egress, proxy: { url, ...own } });
    transport = new HttpWebhookTransport({ resolve: answers(PUBLIC), ...more, guard });
  }

  const get = (url: string, timeoutMs = 20_000): Promise<TransportResult> =>
    transport.send({ method: 'GET', url, headers: {}, body: null, timeoutMs });

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    await transport.close();
    await proxy.close();
    receiver.clear();
  });
  afterAll(() => receiver.close());

  it.each([false, true])(
    'is asked for the judged address, and the request keeps its name (TLS: %p)',
    async (secure) => {
      await begin({ secure, ...(secure && { ca: CERTIFICATE }) });

      expect(await get('http://receiver.test:8080/hook')).toMatchObject({ status: 204 });
      expect(await get('http://receiver.test:8080/hook')).toMatchObject({ status: 204 });

      expect(proxy.authorities).toEqual([`${PUBLIC}:8080`]);
      expect(receiver.requests.map(({ headers }) => headers['host'])).toEqual(
        Array(2).fill('receiver.test:8080'),
      );
    },
  );

  it('is asked for literal addresses as they are, with brackets where there are colons', async () => {
    await begin({}, { resolve: never });
    expect(await get(`http://[${OTHER}]/`)).toMatchObject({ status: 204 });
    expect(proxy.authorities).toEqual([`[${OTHER}]:80`]);
  });

  it.each([
    ['a name that leads inside', 'http://receiver.test/', [PUBLIC, '10.0.0.1']],
    ['a literal address', 'http://127.0.0.1/', [PUBLIC]],
    ['a private name', 'http://receiver.internal/', [PUBLIC]],
    ['a port of another protocol', 'http://receiver.test:25/', [PUBLIC]],
    ["the proxy's own address", 'http://127.0.0.1:{proxy}/', [PUBLIC]],
  ])('is not asked for %s', async (_case, url, addresses) => {
    await begin({}, { resolve: answers(...addresses) });
    const result = await get(url.replace('{proxy}', String(proxy.port)));
    expect(result).toMatchObject({ status: null, error: 'TARGET_BLOCKED' });
    expect(proxy.asked).toEqual([]);
  });

  it('carries TLS to the target, whose certificate must be for the name', async () => {
    let servername: unknown = null;
    const server = createServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (_message, response) =>
      response.end('ok'),
    );
    server.on('secureConnection', (socket) => (servername = socket.servername));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    for (const secure of [false, true]) {
      proxy = await ConnectProxy.start({ port, secure });
      const url = `http${secure ? 's' : ''}://127.0.0.1:${proxy.port}`;
      const guard = new EgressGuard({ proxy: { url, ca: CERTIFICATE } });
      transport = new HttpWebhookTransport({ resolve: answers(PUBLIC), guard, ca: CERTIFICATE });
      expect(await get('https://receiver.test/')).toMatchObject({ status: 200, body: 'ok' });
      expect(servername).toBe('receiver.test');
      expect(await get('https://other.test/')).toMatchObject({ status: null, error: 'TLS_ERROR' });
      expect(proxy.authorities).toEqual([`${PUBLIC}:443`, `${PUBLIC}:443`]);
      await transport.close();
      await proxy.close();
    }
    await begin();
    await new Promise((done) => server.close(done));
  });

  it.each([
    ['user-info', { userInfo: 'user%40:pa%3Ass@' }, `Basic ${Buffer.from('user@:pa:ss').toString('base64')}`],
    ['a value', { authorization: 'Bearer hush' }, 'Bearer hush'],
  ])('gets the credentials of %s, and nobody else does', async (_case, credentials, expected) => {
    await begin({
      answer: () => 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n',
    });
    const { userInfo = '', ...own }: { userInfo?: string; authorization?: string } = credentials;
    const url = `http://${userInfo}127.0.0.1:${proxy.port}`;
    const guard = new EgressGuard({ proxy: { url, ...own } });
    const refused = new HttpWebhookTransport({ resolve: answers(PUBLIC), guard });
    const request = {
      method: 'GET',
      url: 'http://receiver.test/',
      headers: {},
      body: null,
      timeoutMs: 20_000,
    };

    const result = await refused.send({ ...request, headers: { 'Proxy-Authorization': 'mine' } });
    await refused.close();

    expect(proxy.asked).toEqual([{ authority: `${PUBLIC}:80`, authorization: expected }]);
    expect(result).toMatchObject({
      error: 'PROXY_ERROR',
      detail: `http://127.0.0.1:${proxy.port} answered 407 to CONNECT`,
    });
    expect(String(guard.proxy) + JSON.stringify(guard.proxy)).not.toMatch(/pa|hush/);
  });

  it('asks for the next address when the proxy cannot reach one', async () => {
    const answer = (authority: string): ProxyAnswer =>
      authority.startsWith('[') ? 'HTTP/1.1 502 Bad Gateway\r\n\r\n' : 'tunnel';
    await begin({ answer }, { resolve: answers(OTHER, PUBLIC) });
    expect(await get('http://receiver.test/')).toMatchObject({ status: 204 });
    expect(proxy.authorities).toEqual([`[${OTHER}]:80`, `${PUBLIC}:80`]);
  });

  it.each<[string, ProxyAnswer]>([
    ['refuses', 'HTTP/1.1 403 Forbidden\r\n\r\n'],
    ['answers something else than HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['speaks on behalf of the target', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['never ends its answer', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`],
    ['closes', 'close'],
  ])('that %s is the error of the host: PROXY_ERROR', async (_case, answer) => {
    await begin({ answer: () => answer });
    expect(await get('http://receiver.test/')).toMatchObject({ status: null, error: 'PROXY_ERROR' });
    expect(receiver.requests).toHaveLength(0);
  });

  it('that is not there is the error of the host, too', async () => {
    await begin();
    await proxy.close();
    expect(await get('http://receiver.test/')).toMatchObject({ error: 'PROXY_ERROR' });
    await begin();
  });

  it('that says nothing has the time of a connection', async () => {
    await begin({ answer: () => null }, { connectTimeoutMs: 100 });
    expect(await get('http://receiver.test/')).toMatchObject({ error: 'CONNECT_TIMEOUT' });
    expect(await get('http://receiver.test/', 50)).toMatchObject({ error: 'CONNECT_TIMEOUT' });
  });

  it('that resolves by itself gets the name, and only the form of targets is judged', async () => {
    await begin({ resolves: true }, { resolve: never });
    expect(await get('http://receiver.test/')).toMatchObject({ status: 204 });
    expect(await get('http://10.0.0.1/')).toMatchObject({ error: 'TARGET_BLOCKED' });
    expect(await get('http://receiver.local/')).toMatchObject({ error: 'TARGET_BLOCKED' });
    expect(proxy.authorities).toEqual(['receiver.test:80']);
  });

  it.each([
    ['url', { url: 'socks5://u:hush@127.0.0.1:1080' }],
    ['url', { url: 'u:hush@127.0.0.1' }],
    ['url', { url: 'http://u:hush@127.0.0.1/path' }],
    ['authorization', { url: 'http://127.0.0.1', authorization: 'hush\r\nx: y' }],
  ])('refuses a value of %s that cannot work, without telling it', async (option, options) => {
    await begin();
    const refusal = expect(() => new EgressGuard({ proxy: options }));
    refusal.toThrow(`egress.proxy.${option}`);
    expect.assertions(2);
    try {
      new EgressGuard({ proxy: options });
    } catch (error) {
      expect(String(error)).not.toContain('hush');
    }
  });
});
