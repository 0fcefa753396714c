import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { verify } from 'nestjs-webhooks';
import { Webhook } from 'standardwebhooks';
import { WebhookReceiver } from './webhook-receiver.js';

describe('WebhookReceiver', () => {
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.close());

  const post = (path: string, body = '{}') => fetch(receiver.url(path), { method: 'POST', body });

  it('records requests as they came, in the order of arrival', async () => {
    await fetch(receiver.url('/a?x=1'), { method: 'POST', headers: { 'X-Key': 'K' }, body: 'Grüße' });
    await fetch(receiver.url('/b'));
    expect(receiver.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /a?x=1',
      'GET /b',
    ]);
    const [first] = receiver.requests;
    expect(first).toMatchObject({ body: 'Grüße', headers: { 'x-key': 'K' } });
    expect(first?.rawHeaders).toContain('X-Key');
    expect(Math.abs(Date.now() - first!.receivedAt)).toBeLessThan(60_000);
  });

  it('records what verify() and the standardwebhooks package accept', async () => {
    const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`;
    const [now, body] = [new Date(), '{"city":"Zürich"}'];
    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('evt_1', now, body),
    };
    await fetch(receiver.url(), { method: 'POST', headers, body });
    const [received] = receiver.requests;
    expect(verify(received!, secret)).toBeNull();
    expect(verify({ ...received!, body: '{}' }, secret)).toBe('no-match');
  });

  it('keeps repeated headers', async () => {
    await new Promise((resolve) => {
      httpRequest(receiver.url(), { headers: { 'x-a': ['1', '2'] } }, resolve).end();
    });
    expect(receiver.requests[0]?.headers['x-a']).toBe('1, 2');
  });

  it('finds the requests to a path, with and without its query', async () => {
    await Promise.all([post('/a?x=1'), post('/a?x=2'), post('/b')]);
    expect(receiver.requestsTo('/a')).toHaveLength(2);
    expect(receiver.requestsTo('/a?x=1')).toHaveLength(1);
    expect(receiver.requestsTo('/c')).toHaveLength(0);
  });

  it('answers 204 without an order', async () => {
    expect((await post('/')).status).toBe(204);
  });

  it('plays its script to the end and repeats the last behaviour', async () => {
    receiver.answer('/a', 500, { status: 429, headers: { 'retry-after': '1' } }, { body: 'ok' });
    const responses = [await post('/a'), await post('/a'), await post('/a?again'), await post('/a')];
    expect(responses.map(({ status }) => status)).toEqual([500, 429, 200, 200]);
    expect(responses[1]?.headers.get('retry-after')).toBe('1');
    expect(await responses[3]?.text()).toBe('ok');
    expect(receiver.requests.map(({ behaviour }) => behaviour)).toEqual([
      500,
      { status: 429, headers: { 'retry-after': '1' } },
      ...[{ body: 'ok' }, { body: 'ok' }],
    ]);
  });

  it('has an order for every path without one of its own', async () => {
    receiver.answer('*', 503);
    receiver.answer('/a', 201);
    expect([(await post('/a')).status, (await post('/b')).status]).toEqual([201, 503]);
  });

  it('answers late when told', async () => {
    receiver.answer('/', { status: 200, delayMs: 50 });
    const startedAt = performance.now();
    expect((await post('/')).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
  });

  it('answers when it is let go', async () => {
    let letGo!: () => void;
    receiver.answer('/', { status: 200, until: new Promise<void>((resolve) => (letGo = resolve)) });
    const order: string[] = [];
    const answered = post('/').then(() => order.push('let go'));
    await receiver.waitFor(1);
    for (const path of ['/b', '/c']) order.push((await post(path), path));
    letGo();
    await answered;
    expect(order).toEqual(['/b', '/c', 'let go']);
  });

  it('does not answer what cannot be let go any more', async () => {
    const [lost, never] = [Promise.reject(new Error('lost')), receiver.url()];
    receiver.answer('/', { until: lost });
    const answered = fetch(never).catch((error: unknown) => error);
    await receiver.waitFor(1);
    await receiver.close();
    expect(await answered).toMatchObject({ name: 'TypeError' });
    receiver = await WebhookReceiver.start();
  });

  it('wakes who waits for a number of requests', async () => {
    const waiting = receiver.waitFor(2);
    await Promise.all([post('/a'), post('/b')]);
    expect(await waiting).toHaveLength(2);
    expect(await receiver.waitFor(1)).toHaveLength(2);
  });

  it('wakes who waits for a condition', async () => {
    const waiting = receiver.waitFor((requests) => requests.some(({ path }) => path === '/b'));
    await post('/a');
    await post('/b');
    expect(await waiting).toHaveLength(2);
  });

  it('says what arrived when the wait is over', async () => {
    await post('/a');
    await expect(receiver.waitFor(2, { timeoutMs: 50 })).rejects.toThrow(
      'Waited 50 ms for 2 request(s); 1 arrived: POST /a',
    );
  });

  it('waits as long as its start was told', async () => {
    const impatient = await WebhookReceiver.start({ waitTimeoutMs: 30 });
    await expect(impatient.waitFor(1)).rejects.toThrow('Waited 30 ms');
    await impatient.close();
  });

  it('passes on what a condition throws', async () => {
    const waiting = receiver.waitFor((requests) => {
      if (requests.length > 0) throw new Error('not this one');
      return false;
    });
    const outcome = expect(waiting).rejects.toThrow('not this one');
    await post('/a');
    await outcome;
  });

  it('tells listeners of a request before it answers, until they stop', async () => {
    const seen: string[] = [];
    const stop = receiver.onRequest(({ path }) => seen.push(path));
    await post('/a');
    stop();
    await post('/b');
    expect(seen).toEqual(['/a']);
  });

  it('forgets requests but not orders', async () => {
    receiver.answer('/a', 418);
    await post('/a');
    receiver.clear();
    expect(receiver.requests).toHaveLength(0);
    expect((await post('/a')).status).toBe(418);
  });

  it('does not record a request that never ended', async () => {
    const socket = connect(receiver.port, '127.0.0.1');
    socket.write('POST /half HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf', () => socket.destroy());
    await new Promise((resolve) => socket.on('close', resolve));
    await post('/whole');
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/whole']);
  });

  it('closes with connections open, and can be started on the same port again', async () => {
    receiver.answer('/', { kind: 'hang' });
    const hanging = post('/').catch((error: unknown) => error);
    await receiver.waitFor(1);
    const { port } = receiver;
    await receiver.close();
    expect(await hanging).toMatchObject({ name: 'TypeError' });
    receiver = await WebhookReceiver.start({ port });
    expect(receiver.url('/x')).toBe(`http://127.0.0.1:${port}/x`);
    expect((await post('/')).status).toBe(204);
  });
});
