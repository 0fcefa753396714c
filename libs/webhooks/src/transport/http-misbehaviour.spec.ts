import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Behaviour } from '../../testing/behaviour.js';
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

describe('HttpWebhookTransport with a receiver that misbehaves', () => {
  const cases: [string, Behaviour, Record<string, unknown>][] = [
    ['a server error', { status: 500, body: 'oops' }, { status: 500, error: null, body: 'oops' }],
    [
      'a redirect, which is not followed',
      { kind: 'redirect', to: '/elsewhere' },
      { status: 302, error: null },
    ],
    ['no answer', { kind: 'hang' }, { status: null, error: 'TIMEOUT' }],
    ['a body that drips', { kind: 'drip' }, { status: null, error: 'TIMEOUT' }],
    ['early hints without end', { kind: 'early-hints', repeat: true }, { status: null, error: 'TIMEOUT' }],
    ['early hints, then an answer', { kind: 'early-hints' }, { status: 200, error: null, body: 'ok' }],
    ['an unasked 100, then an answer', { kind: 'continue' }, { status: 200, error: null, body: 'ok' }],
    ['100 without end', { kind: 'continue', repeat: true }, { status: null, error: 'TIMEOUT' }],
    ['a reset', { kind: 'reset' }, { status: null, error: 'CONNECTION_RESET' }],
    ['a closed connection', { kind: 'close' }, { status: null, error: 'CONNECTION_RESET' }],
    ['a reset after the headers', { kind: 'reset', after: 'headers' }, { status: 200, error: null }],
    ['a reset in the body', { kind: 'reset', after: 'body', status: 500 }, { status: 500, error: null }],
    ['garbage', { kind: 'garbage' }, { status: null, error: 'BAD_RESPONSE' }],
    ['an upgrade nobody asked for', { kind: 'upgrade' }, { status: null, error: 'BAD_RESPONSE' }],
    ['half a body', { kind: 'half-body' }, { status: 200, error: null, body: 'only half' }],
    [
      'half a body of an error',
      { kind: 'half-body', status: 500 },
      { status: 500, error: null, body: 'only half' },
    ],
    ['a body without end', { kind: 'endless-body' }, { status: 200, error: null, body: 'x'.repeat(16_384) }],
    [
      'NUL and half a character',
      { body: Buffer.from([0x61, 0, 0xc3]) },
      { status: 200, body: 'a\uFFFD\uFFFD' },
    ],
    ['too large headers', { kind: 'large-headers' }, { status: null, error: 'BAD_RESPONSE' }],
    [
      'one header without end',
      { kind: 'raw', bytes: `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n` },
      { status: null, error: 'BAD_RESPONSE' },
    ],
    [
      'an upgrade that is only offered',
      {
        kind: 'raw',
        bytes: 'HTTP/1.1 200 OK\r\nconnection: Upgrade\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\nok',
      },
      { status: 200, error: null, body: 'ok' },
    ],
    ['half a status line', { kind: 'raw', bytes: 'HTTP/1.' }, { status: null, error: 'CONNECTION_RESET' }],
  ];

  it.each(cases)('gets the right result from %s', async (_case, behaviour, expected) => {
    receiver.answer('/hooks', behaviour);
    const isEnded = expected['error'] === 'TIMEOUT';
    const result = await start().send(request(isEnded ? { timeoutMs: 1_000 } : {}));
    expect(result).toMatchObject(expected);
    expect(result.status === null).toBe(result.error !== null);
    expect(receiver.requests).toHaveLength(1);
  });

  it.each(cases)('still serves others after %s', async (_case, behaviour) => {
    receiver.answer('/hooks', behaviour);
    start({ connectionsPerOrigin: 1 });
    await transport.send(request({ timeoutMs: 150 }));
    expect(await transport.send(request({ url: receiver.url('/healthy') }))).toMatchObject({ status: 204 });
  });

  it('does not decompress', async () => {
    const zipped = gzipSync(Buffer.alloc(200_000, 'a'));
    receiver.answer('/hooks', { headers: { 'content-encoding': 'gzip' }, body: zipped });
    const result = await start().send(request());
    expect(result).toMatchObject({ status: 200, headers: { 'content-encoding': 'gzip' } });
    expect(result.body.length).toBeLessThanOrEqual(zipped.length);
  });

  it('does not download the rest of a large body', async () => {
    let written = 0;
    const server = createServer((_message, response) => {
      response.on('close', () => (written = response.socket?.bytesWritten ?? 0));
      response.end(Buffer.alloc(50_000_000, 'x'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const closed = new Promise((resolve) => server.on('connection', (socket) => socket.on('close', resolve)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect((await start().send(request({ url }))).body).toHaveLength(16_384);
    await closed;
    await new Promise((resolve) => server.close(resolve));
    expect(written).toBeLessThan(50_000_000);
  });

  it('closes the connection when the deadline passes', async () => {
    receiver.answer('/hooks', { kind: 'hang' });
    let closed: Promise<unknown> = Promise.resolve();
    const server = createServer((message) => {
      closed = new Promise((resolve) => message.socket.on('close', resolve));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const result = await start().send(request({ url, timeoutMs: 1_000 }));
    expect(result).toMatchObject({ error: 'TIMEOUT' });
    expect(result.detail).toContain('waiting for the response');
    expect(result.durationMs).toBeGreaterThanOrEqual(999);
    await closed;
    await new Promise((resolve) => server.close(resolve));
  });

  it('says connection refused where nobody listens', async () => {
    const url = receiver.url('/hooks');
    await receiver.close();
    start();
    const results = await Promise.all(Array.from({ length: 100 }, () => transport.send(request({ url }))));
    expect(new Set(results.map(({ error }) => error))).toEqual(new Set(['CONNECTION_REFUSED']));
  });
});

describe('HttpWebhookTransport on a kept-alive connection', () => {
  it('sends again at once when the reused connection was reset without a byte', async () => {
    receiver.answer('/hooks', 200, { kind: 'reset' }, 202);
    start();
    expect(await transport.send(request())).toMatchObject({ status: 200 });
    expect(await transport.send(request())).toMatchObject({ status: 202, error: null });
    expect(receiver.requests).toHaveLength(3);
  });

  it('sends again only once', async () => {
    receiver.answer('/hooks', 200, { kind: 'reset' });
    start();
    await transport.send(request());
    expect(await transport.send(request())).toMatchObject({ status: null, error: 'CONNECTION_RESET' });
    expect(receiver.requests).toHaveLength(3);
  });

  it('does not send again after a byte of the response', async () => {
    receiver.answer('/hooks', 200, { kind: 'raw', bytes: 'HTTP/1.' }, 200);
    start();
    await transport.send(request());
    expect(await transport.send(request())).toMatchObject({ status: null, error: 'CONNECTION_RESET' });
    expect(receiver.requests).toHaveLength(2);
  });

  it('keeps the deadline while it sends again', async () => {
    receiver.answer('/hooks', 200, { kind: 'reset' }, { kind: 'hang' });
    start();
    await transport.send(request());
    expect(await transport.send(request({ timeoutMs: 1_000 }))).toMatchObject({ error: 'TIMEOUT' });
  });

  it('survives a receiver that restarts', async () => {
    start();
    await transport.send(request());
    const { port } = receiver;
    await receiver.close();
    receiver = await WebhookReceiver.start({ port });
    expect(await transport.send(request())).toMatchObject({ status: 204, error: null });
  });
});

describe('HttpWebhookTransport when it is closed', () => {
  it('ends what is under way, and opens nothing again', async () => {
    receiver.answer('/hooks', 200, { kind: 'hang' });
    start();
    await transport.send(request());
    const pending = transport.send(request());
    await receiver.waitFor(2);
    await transport.close();
    expect(await pending).toMatchObject({ status: null, error: 'CONNECTION_RESET' });
    expect(receiver.requests).toHaveLength(2);
  });

  it('ends what waits for a connection, too', async () => {
    receiver.answer('/hooks', { kind: 'hang' });
    start({ connectionsPerOrigin: 1 });
    const pending = [transport.send(request()), transport.send(request())];
    await receiver.waitFor(1);
    await transport.close();
    expect((await Promise.all(pending)).map(({ error }) => error)).toEqual([
      'CONNECTION_RESET',
      'CONNECTION_RESET',
    ]);
    expect(receiver.requests).toHaveLength(1);
  });
});
