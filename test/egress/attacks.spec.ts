import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { createServer as createProxy, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import { playEgress, type EgressOutcome } from '../support/egress-host.js';
import { CERTIFICATE, PRIVATE_KEY } from '../support/tls-identity.js';

const PUBLIC = '93.184.216.34';
const OTHER = '2606:4700:4700::1111';
const URL_OF_NAME = 'http://hooks.example/hook';
const WEAK_TLS = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', servername: 'other.test', crl: 'none' };

describe('the egress guard', () => {
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    receiver = await WebhookReceiver.start({ waitTimeoutMs: 120_000 });
  });
  afterEach(() => receiver.close());

  /** The receiver plays a public address. */
  const reach = (address = PUBLIC, as?: string) => ({
    [address]: { port: receiver.port, ...(as !== undefined && { as }) },
  });

  it('holds against DNS rebinding: what was judged is what is connected, and every connection is judged anew', async () => {
    receiver.answer('*', { status: 200, headers: { connection: 'close' }, body: 'first' });
    const [first, second] = await playEgress({
      steps: [{ url: URL_OF_NAME }, { url: URL_OF_NAME }],
      dns: { 'hooks.example': [[PUBLIC], ['127.0.0.1']] },
      reach: reach(),
    });

    expect(first).toMatchObject({ status: 200, connects: [`${PUBLIC}:80`], lookups: ['hooks.example'] });
    expect(second).toMatchObject({ error: 'TARGET_BLOCKED', connects: [], lookups: ['hooks.example'] });
    expect(second!.detail).toContain('127.0.0.1');
  });

  it('keeps a connection that it has judged, whatever the name leads to meanwhile', async () => {
    const [, second] = await playEgress({
      steps: [{ url: URL_OF_NAME }, { url: URL_OF_NAME }],
      dns: { 'hooks.example': [[PUBLIC], ['127.0.0.1']] },
      reach: reach(),
    });
    expect(second).toMatchObject({ status: 204, connects: [], lookups: [] });
  });

  it('refuses mixed answers wherever the bad one stands, without trying the good ones', async () => {
    const dns = {
      'first.example': [['127.0.0.1', PUBLIC]],
      'last.example': [[PUBLIC, OTHER, '10.0.0.1']],
      'other-family.example': [[PUBLIC, '::1']],
      'disguised.example': [[PUBLIC, '::ffff:169.254.169.254']],
    };
    const steps = Object.keys(dns).map((name) => ({ url: `http://${name}/` }));
    for (const outcome of await playEgress({ steps, dns, reach: reach() })) {
      expect(outcome).toMatchObject({ error: 'TARGET_BLOCKED', connects: [] });
    }
    expect(receiver.requests).toHaveLength(0);
  });

  it('goes on to the next address of a name when one does not answer', async () => {
    const [outcome] = await playEgress({
      steps: [{ url: URL_OF_NAME }],
      dns: { 'hooks.example': [[OTHER, PUBLIC]] },
      reach: reach(),
    });
    expect(outcome).toMatchObject({ status: 204, connects: [`[${OTHER}]:80`, `${PUBLIC}:80`] });
  });

  it('does not follow a redirect to loopback', async () => {
    const statuses = [301, 302, 303, 307, 308];
    for (const status of statuses) {
      receiver.answer(`/${status}`, { kind: 'redirect', status, to: receiver.url('/inside') });
    }
    const steps = statuses.map((status) => ({ url: `http://${PUBLIC}/${status}` }));
    const outcomes = await playEgress({ steps, reach: reach() });

    expect(outcomes.map(({ status }) => status)).toEqual(statuses);
    expect(new Set(outcomes.flatMap(({ connects }) => connects))).toEqual(new Set([`${PUBLIC}:80`]));
    expect(receiver.requestsTo('/inside')).toHaveLength(0);
  });

  it('looks at where a connection really ends: a network that redirects it inside is noticed before a byte is sent', async () => {
    const steps = [{ url: `http://${PUBLIC}/` }, { url: `https://${PUBLIC}/` }];
    for (const outcome of await playEgress({ steps, reach: reach(PUBLIC, '10.0.0.1') })) {
      expect(outcome).toMatchObject({ error: 'TARGET_BLOCKED' });
      expect(outcome.detail).toContain('10.0.0.1');
    }
    expect(receiver.requests).toHaveLength(0);
  });

  it('notices a connection that ends at this machine itself', async () => {
    const steps = [{ url: `http://${PUBLIC}/` }, { url: `http://${PUBLIC}/`, replace: { allow: [PUBLIC] } }];
    const own = { [PUBLIC]: { port: receiver.port, own: true } };
    const [refused, listed] = await playEgress({ steps, reach: own });
    expect(refused).toMatchObject({ error: 'TARGET_BLOCKED', connects: [`${PUBLIC}:80`] });
    expect(refused!.detail).toContain('an address of this machine');
    expect(listed).toMatchObject({ status: 204 });
  });

  it('drops kept connections when its rules change', async () => {
    const steps = [
      { url: URL_OF_NAME },
      { url: URL_OF_NAME, replace: {} },
      { url: URL_OF_NAME, replace: { deny: ['hooks.example'] } },
      { url: URL_OF_NAME, replace: { deny: [`${PUBLIC}/24`] } },
      { url: URL_OF_NAME, replace: { httpsOnly: true } },
      { url: URL_OF_NAME, replace: { ports: [443] } },
    ];
    const outcomes = await playEgress({ steps, dns: { 'hooks.example': [[PUBLIC]] }, reach: reach() });
    expect(outcomes.map(({ status, error, connects }) => [status ?? error, connects.length])).toEqual([
      [204, 1],
      [204, 1],
      ...Array<unknown>(4).fill(['TARGET_BLOCKED', 0]),
    ]);
  });

  it('reads no proxy from the environment', async () => {
    let used = 0;
    const proxy = createProxy((socket) => {
      used++;
      socket.destroy();
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const { port } = proxy.address() as AddressInfo;
    const names = [
      'HTTP_PROXY',
      'HTTPS_PROXY',
      'ALL_PROXY',
      'http_proxy',
      'https_proxy',
      'all_proxy',
      'npm_config_proxy',
    ];
    const env = Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:${port}`]));
    const outcomes = await playEgress(
      {
        steps: [{ url: URL_OF_NAME }, { url: `https://${PUBLIC}/` }, { url: 'http://10.0.0.1/' }],
        dns: { 'hooks.example': [[PUBLIC]] },
        reach: { ...reach(), '127.0.0.1': { port: 'same' } },
      },
      { ...env, NODE_USE_ENV_PROXY: '1', NO_PROXY: '', no_proxy: '' },
    );
    await new Promise((done) => proxy.close(done));

    expect(outcomes.map(({ connects }) => connects)).toEqual([[`${PUBLIC}:80`], [`${PUBLIC}:443`], []]);
    expect(outcomes[0]).toMatchObject({ status: 204 });
    expect(used).toBe(0);
  });

  it("is not reached by what a host does to everybody's axios", async () => {
    receiver.answer('/hook', { kind: 'redirect', to: receiver.url('/inside') });
    const [outcome, blocked] = await playEgress({
      steps: [{ url: `http://${PUBLIC}/hook` }, { url: 'http://127.0.0.1/' }],
      reach: { ...reach(), '127.0.0.1': { port: receiver.port } },
      axiosDefaults: {
        proxy: { protocol: 'http', host: '127.0.0.1', port: 1 },
        baseURL: 'http://127.0.0.1:1/',
        allowAbsoluteUrls: false,
        socketPath: '/var/run/docker.sock',
        adapter: 'http',
        maxRedirects: 5,
        params: { leaked: 'yes' },
        headers: { common: { authorization: 'Bearer hush' }, post: { 'x-common': 'yes' } },
        auth: { username: 'user', password: 'hush' },
        timeout: 1,
      },
    });

    expect(outcome).toMatchObject({ status: 302, connects: [`${PUBLIC}:80`] });
    expect(blocked).toMatchObject({ error: 'TARGET_BLOCKED', connects: [] });
    const [request] = receiver.requests;
    expect(request).toMatchObject({ path: '/hook', body: '{}' });
    expect(JSON.stringify(request!.rawHeaders)).not.toMatch(/hush|x-common/);
  });

  it('judges where an interceptor of the host sends a webhook, too', async () => {
    const [outcome] = await playEgress({
      steps: [{ url: URL_OF_NAME }],
      interceptUrl: 'http://169.254.169.254/',
    });
    expect(outcome).toMatchObject({ error: 'TARGET_BLOCKED', connects: [] });
  });
});

describe('a polluted Object.prototype', () => {
  const cases: readonly [string, Readonly<Record<string, unknown>>][] = [
    ['path', { path: '/var/run/docker.sock' }],
    ['socketPath', { socketPath: '/var/run/docker.sock' }],
    ['host and port', { host: '127.0.0.1', hostname: '127.0.0.1', port: 1 }],
    [
      'url and baseURL',
      { url: 'http://127.0.0.1:1/', baseURL: 'http://127.0.0.1:1/', allowAbsoluteUrls: false },
    ],
    ['proxy', { proxy: { protocol: 'http', host: '127.0.0.1', port: 1 } }],
    ['origin', { origin: 'http://127.0.0.1:1' }],
    ['servername', { servername: 'evil.example' }],
    ['rejectUnauthorized', { rejectUnauthorized: false, checkServerIdentity: null }],
    ['localAddress', { localAddress: '127.0.0.1' }],
    ['fd', { fd: 1 }],
    ['maxRedirects', { maxRedirects: 5 }],
    ['allow', { allow: ['127.0.0.1'], vouched: true, resolves: true }],
  ];
  const urls = [`http://${PUBLIC}/hook`, `https://${PUBLIC}/hook`, URL_OF_NAME, 'http://127.0.0.1/'];
  let outcomes: readonly EgressOutcome[];

  beforeAll(async () => {
    const steps = cases.flatMap(([, pollute]) => urls.map((url) => ({ url, pollute })));
    outcomes = await playEgress({ steps, dns: { 'hooks.example': [['10.0.0.1']] } });
  });

  it.each(cases.map(([name], index) => [name, index] as const))(
    'does not lead elsewhere: %s',
    (_name, index) => {
      const own = outcomes.slice(index * urls.length, (index + 1) * urls.length);
      expect(own.map(({ connects }) => connects.join())).toEqual([`${PUBLIC}:80`, `${PUBLIC}:443`, '', '']);
    },
  );
});

describe('TLS', () => {
  it('asks for the name and accepts no certificate for another one, whatever the environment says', async () => {
    const names: unknown[] = [];
    const protocols: unknown[] = [];
    const server = createServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (_message, response) =>
      response.end(),
    );
    server.on('connection', (socket) => socket.on('error', () => undefined));
    server.on('secureConnection', (socket) => names.push(socket.servername));
    server.on('request', ({ socket }) => protocols.push((socket as TLSSocket).getProtocol()));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const folder = await mkdtemp(join(tmpdir(), 'egress-tls-'));
    await writeFile(join(folder, 'ca.pem'), CERTIFICATE);

    const outcomes = await playEgress(
      {
        steps: [
          { url: 'https://receiver.test/' },
          { url: 'https://other.test/' },
          { url: `https://${PUBLIC}/` },
          { url: `https://${PUBLIC}/`, pollute: { servername: 'receiver.test' } },
          { url: 'https://receiver.test/', replace: {}, pollute: WEAK_TLS },
        ],
        dns: { 'receiver.test': [[PUBLIC]], 'other.test': [[PUBLIC]] },
        reach: { [PUBLIC]: { port } },
      },
      { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'), NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    );
    await new Promise((done) => server.close(done));
    await rm(folder, { recursive: true });

    const became = outcomes.map(({ status, error }) => status ?? error);
    expect(became).toEqual([200, 'TLS_ERROR', 'TLS_ERROR', 'TLS_ERROR', 200]);
    expect(protocols).toEqual(['TLSv1.3', 'TLSv1.3']);
    expect(names[0]).toBe('receiver.test');
  });
});
