import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EgressGuard } from './egress-guard.js';
import { HttpWebhookTransport } from './http-webhook.transport.js';
import type { TransportResult } from './webhook.transport.js';

const ALLOWED = { allow: ['127.0.0.1'] };

describe('EgressGuard.replace()', () => {
  let server: Server;
  let guard: EgressGuard;
  let transport: HttpWebhookTransport;
  let connections: number;
  let requests: string[];
  /** Answers to `/slow` that a test gives itself. */
  let held: ServerResponse[];

  beforeEach(async () => {
    [connections, requests, held] = [0, [], []];
    server = createServer(({ url = '' }, response) => {
      requests.push(url);
      if (url === '/slow') held.push(response);
      else response.end();
    });
    server.on('connection', () => connections++);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    guard = new EgressGuard(ALLOWED);
    transport = new HttpWebhookTransport({ guard, connectionsPerOrigin: 1 });
  });
  afterEach(async () => {
    await transport.close();
    await new Promise((done) => server.close(done));
  });

  const get = (path: string): Promise<TransportResult> => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    return transport.send({ method: 'GET', url, headers: {}, body: null, timeoutMs: 20_000 });
  };

  it('closes idle connections, so that a target that is refused now gets nothing more', async () => {
    const closed = once(server, 'connection').then(([socket]) => once(socket, 'close'));
    expect(await get('/')).toMatchObject({ status: 200 });
    guard.replace({});
    await closed;
    expect(await get('/')).toMatchObject({ error: 'TARGET_BLOCKED' });
    expect(requests).toHaveLength(1);
  });

  it('makes a new connection where the target is still allowed', async () => {
    await get('/');
    await get('/');
    expect(connections).toBe(1);
    guard.replace(ALLOWED);
    await get('/');
    expect(await get('/')).toMatchObject({ status: 200 });
    expect([requests.length, connections]).toEqual([4, 2]);
  });

  it.each([
    ['refuses what waited behind it', {}, { error: 'TARGET_BLOCKED' }, 1],
    ['sends what waited behind it on a new connection', ALLOWED, { status: 200 }, 2],
  ])('lets what is under way come to its end, and %s', async (_case, rules, expected, made) => {
    const first = get('/slow');
    const second = get('/next');
    await once(server, 'request');
    guard.replace(rules);
    held[0]!.end('done');

    expect(await first).toMatchObject({ status: 200, body: 'done' });
    expect(await second).toMatchObject(expected);
    expect([requests.length, connections]).toEqual([made, made]);
  });
});
