import { createServer } from 'node:https';
import { type AddressInfo, connect, createServer as createPlainServer, type Server } from 'node:net';
import { WebhookReceiver } from '../../testing/webhook-receiver.js';
import { HttpWebhookTransport, type HttpWebhookTransportOptions } from './http-webhook.transport.js';
import type { ResolveAll } from './pinned-lookup.js';
import { CERTIFICATE, PRIVATE_KEY } from '../../../../test/support/tls-identity.js';
import type { TransportResult } from './webhook.transport.js';

const resolve: ResolveAll = (_hostname, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);

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

async function listening<S extends Server>(server: S): Promise<S & { port: number }> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

describe('HttpWebhookTransport over TLS', () => {
  it('reaches a server whose certificate is trusted, and resumes connections', async () => {
    const server = await listening(
      createServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (_message, response) => response.end('secure')),
    );
    const transport = new HttpWebhookTransport({
      allow: ['127.0.0.1'],
      ca: CERTIFICATE,
      resolve,
    });
    const request = { method: 'GET', headers: {}, body: null, timeoutMs: 20_000 };
    for (const host of ['receiver.test', 'receiver.test', '127.0.0.1']) {
      const result = await transport.send({ ...request, url: `https://${host}:${server.port}/` });
      expect(result).toMatchObject({ status: 200, body: 'secure' });
    }
    await transport.close();
    await new Promise((done) => server.close(done));
  });

  it.each([
    ['nobody trusts', 'receiver.test', {}],
    ['is for another name', 'other.test', { ca: CERTIFICATE }],
  ])('refuses a certificate that %s', async (_case, host, options) => {
    const server = await listening(createServer({ key: PRIVATE_KEY, cert: CERTIFICATE }));
    const url = `https://${host}:${server.port}/`;
    const result = await get(url, { allow: ['127.0.0.1'], resolve, ...options });
    expect(result).toMatchObject({ status: null, error: 'TLS_ERROR' });
    await new Promise((done) => server.close(done));
  });

  it('calls a server that speaks no TLS a TLS error', async () => {
    const receiver = await WebhookReceiver.start();
    const result = await get(`https://127.0.0.1:${receiver.port}/`, { allow: ['127.0.0.1'] });
    expect(result).toMatchObject({ status: null, error: 'TLS_ERROR' });
    await receiver.close();
  });

  it.each([
    ['its own limit', { connectTimeoutMs: 100 }, 20_000, 'CONNECT_TIMEOUT'],
    ['the deadline', {}, 150, 'CONNECT_TIMEOUT'],
  ])('gives a handshake that never ends %s, and closes it', async (_case, options, timeoutMs, error) => {
    let closed: Promise<unknown> = Promise.resolve();
    const server = await listening(
      createPlainServer((socket) => {
        closed = new Promise((done) => socket.on('close', done));
        socket.on('error', () => undefined).resume();
      }),
    );
    const result = await get(
      `https://127.0.0.1:${server.port}/`,
      { allow: ['127.0.0.1'], ...options },
      timeoutMs,
    );
    expect(result).toMatchObject({ status: null, error });
    await closed;
    await new Promise((done) => server.close(done));
  });

  it('leaves the port free of half-open connections', async () => {
    const server = await listening(createPlainServer((socket) => socket.destroy()));
    const result = await get(`https://127.0.0.1:${server.port}/`, { allow: ['127.0.0.1'] });
    expect(result).toMatchObject({ status: null, error: 'CONNECTION_RESET' });
    const probe = connect(server.port, '127.0.0.1');
    await new Promise((done) => probe.on('close', done));
    await new Promise((done) => server.close(done));
    expect(server.listening).toBe(false);
  });
});
