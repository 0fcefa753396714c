import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookReceiver } from '../../testing/webhook-receiver.js';
import { HttpWebhookTransport, type HttpWebhookTransportOptions } from './http-webhook.transport.js';
import type { OutboundRequest } from './webhook.transport.js';

const LOOPBACK = ['127.0.0.0/8'];

let receiver: WebhookReceiver;
let transport: HttpWebhookTransport;

function start(options: HttpWebhookTransportOptions = {}): HttpWebhookTransport {
  transport = new HttpWebhookTransport({ allow: LOOPBACK, ...options });
  return transport;
}

function request(overrides: Partial<OutboundRequest> = {}): OutboundRequest {
  return {
    method: 'POST',
    url: receiver.url('/hooks'),
    headers: { 'content-type': 'application/json', 'X-Key': 'k' },
    body: Buffer.from('{"a":"✈"}'),
    timeoutMs: 20_000,
    ...overrides,
  };
}

beforeEach(async () => {
  receiver = await WebhookReceiver.start({ waitTimeoutMs: 120_000 });
});

afterEach(async () => {
  await transport.close();
  await receiver.close();
});

describe('HttpWebhookTransport', () => {
  it('sends exactly what it was given', async () => {
    receiver.answer('/hooks', {
      status: 201,
      headers: { 'X-Request-Id': 'r1', 'Set-Cookie': 'a=1' },
      body: 'made',
    });
    const result = await start().send(request({ url: `${receiver.url('/hooks')}?q=a%20b&r=%E2%9C%88` }));

    expect(result).toMatchObject({ status: 201, error: null, detail: null, body: 'made' });
    expect(result.headers).toMatchObject({ 'x-request-id': 'r1', 'content-length': '4' });
    expect(result.headers).not.toHaveProperty('set-cookie');
    expect(Number.isInteger(result.durationMs)).toBe(true);
    const [received] = receiver.requests;
    expect(received).toMatchObject({ method: 'POST', path: '/hooks?q=a%20b&r=%E2%9C%88', body: '{"a":"✈"}' });
    expect(received?.headers).toEqual({
      host: `127.0.0.1:${receiver.port}`,
      connection: 'keep-alive',
      'content-length': '11',
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'nestjs-webhooks',
      'x-key': 'k',
    });
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'post'])('sends %s', async (method) => {
    const result = await start().send(request({ method, headers: {}, body: null }));
    expect(result).toMatchObject({ status: 204, error: null, body: '' });
    expect(receiver.requests[0]).toMatchObject({ method: method.toUpperCase(), body: '' });
    expect(receiver.requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('keeps connections alive', async () => {
    const server = await portServer();
    start();
    for (let sent = 0; sent < 3; sent++) await transport.send(request({ url: server.url }));
    expect(server.ports).toHaveLength(3);
    expect(new Set(server.ports).size).toBe(1);
    await server.close();
  });

  it('bounds the connections to one origin', async () => {
    const server = await portServer();
    start({ connectionsPerOrigin: 2 });
    await Promise.all(Array.from({ length: 8 }, () => transport.send(request({ url: server.url }))));
    expect(server.ports).toHaveLength(8);
    expect(new Set(server.ports).size).toBe(2);
    await server.close();
  });

  it('gives up what waits for a free connection, without sending it later', async () => {
    receiver.answer('/hang', { kind: 'hang' });
    start({ connectionsPerOrigin: 1 });
    const first = transport.send(request({ url: receiver.url('/hang'), timeoutMs: 300 }));
    const second = await transport.send(request({ timeoutMs: 100 }));
    expect(second).toMatchObject({ status: null, error: 'TIMEOUT' });
    expect(second.detail).toContain('waiting for a free connection');
    expect(await first).toMatchObject({ error: 'TIMEOUT' });
    expect(await transport.send(request())).toMatchObject({ status: 204 });
    expect(receiver.requestsTo('/hooks')).toHaveLength(1);
  });

  it.each([
    [1, 2],
    [2, 1],
  ])(
    'with room for %i origin(s), opens %i connection(s) to one used in turn with another',
    async (maxOrigins, count) => {
      const server = await portServer();
      start({ maxOrigins });
      await transport.send(request({ url: server.url }));
      await transport.send(request());
      await transport.send(request({ url: server.url }));
      expect(new Set(server.ports).size).toBe(count);
      await server.close();
    },
  );

  it('closes idle connections after their time', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const server = createServer((message, response) => {
      closed = new Promise((resolve) => message.socket.on('close', resolve));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await start({ keepAliveMs: 50 }).send(request({ url }))).toMatchObject({ status: 200 });
    await closed;
    await new Promise((resolve) => server.close(resolve));
  });

  it('never uses a proxy from the environment', async () => {
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = 'http://127.0.0.1:9';
    try {
      expect(await start().send(request())).toMatchObject({ status: 204 });
    } finally {
      delete process.env['HTTP_PROXY'];
      delete process.env['http_proxy'];
    }
  });

  it('sends header values of latin1 and drops those that belong to HTTP', async () => {
    await start().send(request({ headers: { Host: 'internal', 'Content-Length': '1', 'x-name': 'Zürich' } }));
    expect(receiver.requests[0]?.headers).toMatchObject({
      host: `127.0.0.1:${receiver.port}`,
      'content-length': '11',
      'x-name': 'Zürich',
    });
  });
});

/** A server that notes from which client ports its requests come. */
async function portServer(): Promise<{ url: string; ports: number[]; close(): Promise<unknown> }> {
  const ports: number[] = [];
  const server = createServer((message, response) => {
    ports.push(message.socket.remotePort!);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = (): Promise<unknown> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url, ports, close };
}

describe('HttpWebhookTransport with a request that cannot be sent', () => {
  it.each([
    ['a line break in a header', { headers: { 'x-a': 'b\r\nx-c: d' } }, 'REQUEST_INVALID'],
    ['a method that is none', { method: 'PO ST' }, 'REQUEST_INVALID'],
    ['CONNECT', { method: 'CONNECT' }, 'REQUEST_INVALID'],
    ['a URL that is none', { url: 'hooks' }, 'REQUEST_INVALID'],
    ['another scheme', { url: 'data:text/plain,x' }, 'TARGET_BLOCKED'],
  ])('says so for %s, and goes on', async (_case, overrides, error) => {
    start({ connectionsPerOrigin: 1 });
    for (let sent = 0; sent < 3; sent++) {
      expect(await transport.send(request(overrides))).toMatchObject({ status: null, error });
    }
    expect(receiver.requests).toHaveLength(0);
    expect(await transport.send(request())).toMatchObject({ status: 204 });
  });
});
