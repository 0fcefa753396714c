import { randomBytes } from 'node:crypto';
import { FastifyApp } from './fastify-app.js';
import type { Message } from './receiver-app.js';
import { headerOf, signedMessage, withHeader } from './signed-message.js';

const [SECRET, TENANT_SECRET] = [0, 1].map(() => `whsec_${randomBytes(32).toString('base64')}`) as [
  string,
  string,
];

describe('the receiver on Fastify', () => {
  let app: FastifyApp;

  beforeAll(async () => {
    app = await FastifyApp.start({ SECRET, TENANT_SECRET });
  });

  afterAll(() => app.close());

  afterEach(() => app.seen());

  it('gives the handler what was signed, byte for byte', async () => {
    const message = signedMessage(SECRET, {
      id: 'evt_1',
      body: '{ "city":"Zürich ✈", "n":1.0 }',
      headers: [['webhook-attempt', '2']],
    });

    expect(await app.send(message)).toMatchObject({ status: 201, body: '{"ok":true}' });
    expect((await app.seen()).received).toMatchObject([
      { id: 'evt_1', attempt: 2, body: { city: 'Zürich ✈', n: 1 } },
    ]);
  });

  it('takes another content type, once it has a parser', async () => {
    const message = signedMessage(SECRET, { body: '<a/>', contentType: 'application/xml' });

    expect(await app.send(message)).toMatchObject({ status: 201 });
    expect((await app.seen()).received).toMatchObject([{ body: '<a/>' }]);
  });

  it('answers a duplicate without its handler, and lets the attempt after a failure through', async () => {
    const message = signedMessage(SECRET, { id: 'evt_2', body: '{"fail":true}' });

    expect(await app.send(message)).toMatchObject({ status: 500 });
    expect(await app.send(message)).toMatchObject({ status: 201 });
    expect(await app.send(message)).toMatchObject({ status: 201, headers: { 'webhook-duplicate': 'true' } });
    expect((await app.seen()).received).toHaveLength(2);
  });

  it('asks the resolver of a route', async () => {
    const path = '/tenants/a';

    expect(await app.send(signedMessage(TENANT_SECRET, { path }))).toMatchObject({ status: 201 });
    expect(await app.send(signedMessage(SECRET, { path }))).toMatchObject({ status: 401 });
    expect(await app.send(signedMessage(TENANT_SECRET, { path: '/tenants/b' }))).toMatchObject({
      status: 401,
    });
  });

  it.each<[string, number, (message: Message) => Message]>([
    ['a changed body', 401, (message) => ({ ...message, body: '{"type":"test" }' })],
    ['another id', 401, (message) => withHeader(message, 'webhook-id', 'evt_9')],
    ['an old message', 401, () => signedMessage(SECRET, { at: Date.now() - 302_000 })],
    ['another key', 401, () => signedMessage(TENANT_SECRET)],
    [
      'a signature of 100 kB',
      401,
      (message) => withHeader(message, 'webhook-signature', `v1,${'A'.repeat(100_000)}`),
    ],
    [
      '100 kB of signatures',
      400,
      (message) => withHeader(message, 'webhook-signature', 'v1,A '.repeat(20_000)),
    ],
    ['no signature', 400, (message) => withHeader(message, 'webhook-signature', null)],
    [
      'the signature twice',
      400,
      (message) => ({
        ...message,
        headers: [...message.headers, ['webhook-signature', headerOf(message, 'webhook-signature')]],
      }),
    ],
  ])('refuses %s with %i', async (_case, status, spoil) => {
    expect(await app.send(spoil(signedMessage(SECRET)))).toMatchObject({ status });
    const { received, log } = await app.seen();
    expect(received).toEqual([]);
    expect(log).toContain('refused webhook');
    expect(log).not.toContain(SECRET.slice('whsec_'.length));
  });
});

describe('an application on Fastify that keeps no raw bodies', () => {
  it('answers 500 and says in the log how to keep them', async () => {
    const app = await FastifyApp.start({ SECRET, TENANT_SECRET, RAW_BODY: 'false' });
    try {
      expect(await app.send(signedMessage(SECRET))).toMatchObject({ status: 500 });
      expect(await app.seen()).toEqual({ received: [], log: expect.stringContaining('{ rawBody: true }') });
    } finally {
      await app.close();
    }
  });
});
