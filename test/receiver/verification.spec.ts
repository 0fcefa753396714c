import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { StillClock } from '../support/still-clock.js';
import type { Message } from './receiver-app.js';
import { ReceiverApp, send } from './receiver-app.js';
import { headerOf, signedMessage, v1, withHeader } from './signed-message.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const OTHER = `whsec_${randomBytes(32).toString('base64')}`;

const REFUSED = {
  400: { statusCode: 400, code: 'WEBHOOK_MALFORMED', message: 'This is not a Standard Webhooks request.' },
  401: { statusCode: 401, code: 'WEBHOOK_UNVERIFIED', message: 'This webhook could not be verified.' },
} as const;

describe('a route with @VerifiedWebhook()', () => {
  let receiver: ReceiverApp;

  beforeEach(async () => {
    receiver = await ReceiverApp.start({ receiver: { secrets: [SECRET] }, clock: new StillClock() });
  });

  afterEach(() => receiver.close());

  it('gives the handler the id, the instant, the attempt and the body', async () => {
    const at = Date.now();
    const message = signedMessage(SECRET, {
      id: 'evt_1',
      at,
      body: '{"city":"Zürich ✈","n":1}',
      headers: [['webhook-attempt', '3']],
    });

    expect(await receiver.send(message)).toMatchObject({ status: 201 });
    expect(receiver.inbox.received).toEqual([
      {
        id: 'evt_1',
        timestamp: new Date(Math.floor(at / 1_000) * 1_000),
        attempt: 3,
        body: { city: 'Zürich ✈', n: 1 },
      },
    ]);
  });

  it.each([
    ['not given', []],
    ['zero', [['webhook-attempt', '0']]],
    ['words', [['webhook-attempt', 'first']]],
  ] as const)('takes an attempt that is %s for unknown', async (_case, headers) => {
    await receiver.send(signedMessage(SECRET, { headers }));

    expect(receiver.inbox.received).toMatchObject([{ attempt: null }]);
  });

  it('verifies the bytes as they came, not the JSON they mean', async () => {
    const body = '{ "b" : 1.0,\n\t"a":"\\u00e9", "b":2 }';

    expect(await receiver.send(signedMessage(SECRET, { body }))).toMatchObject({ status: 201 });
    expect(receiver.inbox.received).toMatchObject([{ body: { b: 2, a: 'é' } }]);
  });

  it('takes a form as the text that was signed', async () => {
    const contentType = 'application/x-www-form-urlencoded';

    await receiver.send(signedMessage(SECRET, { body: 'a=1&b=%C3%A9', contentType }));

    expect(receiver.inbox.received).toMatchObject([{ body: 'a=1&b=%C3%A9' }]);
  });

  it('takes a message without a body', async () => {
    expect(await receiver.send(signedMessage(SECRET, { body: '' }))).toMatchObject({ status: 201 });
    expect(receiver.inbox.received).toMatchObject([{ body: '' }]);
  });

  it('answers what the handler returns', async () => {
    receiver.inbox.plans.push(() => ({ ok: true }));

    expect(await receiver.send(signedMessage(SECRET))).toMatchObject({ status: 201, body: '{"ok":true}' });
  });

  it.each([299, -299])('takes a message that is %i seconds away', async (seconds) => {
    const message = signedMessage(SECRET, { at: receiver.clock.now() + seconds * 1_000 });

    expect(await receiver.send(message)).toMatchObject({ status: 201 });
  });

  const genuine = (wishes = {}): Message => signedMessage(SECRET, { id: 'evt_1', ...wishes });
  const change = (name: string, value: string | null) => () =>
    withHeader(genuine(), `webhook-${name}`, value);
  const twice = (name: string, value?: string) => () => {
    const message = genuine();
    const header = `webhook-${name}`;
    return {
      ...message,
      headers: [...message.headers, [header, value ?? headerOf(message, header)] as const],
    };
  };
  const resigned = (id: string, timestamp: string) => () => {
    const message = withHeader(withHeader(genuine(), 'webhook-id', id), 'webhook-timestamp', timestamp);
    const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`, 'utf8'), Buffer.from(message.body)]);
    return withHeader(message, 'webhook-signature', v1(SECRET, content));
  };
  const now = (): string => String(Math.floor(Date.now() / 1_000));

  it.each<[string, 400 | 401, string, () => Message]>([
    ['a changed body', 401, 'no-match', () => ({ ...genuine(), body: '{"type":"test" }' })],
    ['an emptied body', 401, 'no-match', () => ({ ...genuine(), body: '' })],
    ['another id', 401, 'no-match', change('id', 'evt_2')],
    ['another timestamp', 401, 'no-match', change('timestamp', String(Math.floor(Date.now() / 1_000) - 7))],
    ['another key', 401, 'no-match', () => signedMessage(OTHER)],
    [
      'an old message',
      401,
      'timestamp-out-of-tolerance',
      () => genuine({ at: receiver.clock.now() - 302_000 }),
    ],
    [
      'a message of the future',
      401,
      'timestamp-out-of-tolerance',
      () => genuine({ at: receiver.clock.now() + 302_000 }),
    ],
    ['a timestamp in milliseconds', 401, 'timestamp-out-of-tolerance', resigned('evt_1', String(Date.now()))],
    ['malformed base64', 401, 'no-match', change('signature', 'v1,%%%not=base64%%%')],
    ['the signature without its version', 401, 'no-match', change('signature', 'AAAA')],
    ['a version nobody knows', 401, 'no-match', change('signature', 'v9,AAAA')],
    ['a list of empty signatures', 401, 'no-match', change('signature', 'v1, v1a, v1,')],
    ['an empty signature list', 400, 'header-missing', change('signature', '')],
    ['a blank signature list', 400, 'header-missing', change('signature', '   ')],
    ['no signature', 400, 'header-missing', change('signature', null)],
    ['no id', 400, 'header-missing', change('id', null)],
    ['an empty id', 400, 'header-missing', change('id', '')],
    ['no timestamp', 400, 'header-missing', change('timestamp', null)],
    ['33 signatures', 400, 'too-many-signatures', change('signature', Array(33).fill('v1,AAAA').join(' '))],
    ['a fraction of a second', 400, 'timestamp-invalid', resigned('evt_1', `${now()}.5`)],
    ['a date', 400, 'timestamp-invalid', resigned('evt_1', '2026-01-01T00:00:00Z')],
    ['words for a timestamp', 400, 'timestamp-invalid', resigned('evt_1', 'now')],
    ['a signed number', 400, 'timestamp-invalid', resigned('evt_1', `+${now()}`)],
    ['leading zeros', 400, 'timestamp-invalid', resigned('evt_1', `0${now()}`)],
    ['an id of UTF-8', 400, 'id-invalid', resigned(Buffer.from('évt_✈').toString('latin1'), now())],
    ['an id with a full stop', 400, 'id-invalid', resigned('evt.1', now())],
    ['an id of 256 characters', 400, 'id-invalid', resigned('e'.repeat(256), now())],
    ['the id twice', 400, 'header-repeated', twice('id')],
    ['two ids', 400, 'header-repeated', twice('id', 'evt_2')],
    ['the timestamp twice', 400, 'header-repeated', twice('timestamp')],
    ['the signature twice', 400, 'header-repeated', twice('signature')],
    ['two signatures in two headers', 400, 'header-repeated', twice('signature', 'v1,AAAA')],
  ])('refuses %s with %i, and tells only the operator: %s', async (_case, status, reason, make) => {
    const answer = await receiver.send(make());

    expect({ status: answer.status, body: JSON.parse(answer.body) }).toEqual({
      status,
      body: REFUSED[status],
    });
    expect(receiver.logger.of('warn')).toEqual([expect.stringContaining(`(${reason})`)]);
    expect(receiver.inbox.received).toEqual([]);
  });

  it('refuses signed JSON that cannot be read, before the signature is looked at', async () => {
    expect(await receiver.send(signedMessage(SECRET, { body: '{"type":' }))).toMatchObject({ status: 400 });
    expect(receiver.inbox.received).toEqual([]);
  });

  it('logs neither secrets nor a line of a stranger', async () => {
    await receiver.send(signedMessage(OTHER, { id: 'evt"x\\' }));
    await receiver.send(withHeader(signedMessage(SECRET), 'webhook-id', 'x'.repeat(9_000)));
    await receiver.send(signedMessage(SECRET));

    const log = receiver.logger.lines.join('\n');
    for (const secret of [SECRET, OTHER]) expect(log).not.toContain(secret.slice('whsec_'.length, 20));
    expect(log).toContain('refused webhook "evt\\"x\\\\" (no-match)');
    expect(log.length).toBeLessThan(1_500);
  });

  it('answers a header of 100 kB, on a server that lets it through', async () => {
    const listener = receiver.app.getHttpAdapter().getInstance() as Parameters<typeof createServer>[1];
    const server = createServer({ maxHeaderSize: 400_000 }, listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { headers, body } = signedMessage(SECRET);
      const message = { headers, body };
      const many = withHeader(message, 'webhook-signature', 'v1a,AAAA '.repeat(11_000));
      const long = withHeader(message, 'webhook-signature', `v1,${'A'.repeat(100_000)}`);
      const id = withHeader(message, 'webhook-id', 'e'.repeat(100_000));

      expect(await send(url, many)).toMatchObject({ status: 400 });
      expect(await send(url, long)).toMatchObject({ status: 401 });
      expect(await send(url, id)).toMatchObject({ status: 400 });
      expect(receiver.inbox.received).toEqual([]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('several keys', () => {
  it('are all good while a secret is rotated', async () => {
    const receiver = await ReceiverApp.start({ receiver: { secrets: [SECRET, OTHER] } });

    for (const secrets of [SECRET, OTHER, [OTHER, SECRET]]) {
      expect(await receiver.send(signedMessage(secrets))).toMatchObject({ status: 201 });
    }
    await receiver.close();
  });

  it('may be public ones', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
    const receiver = await ReceiverApp.start({
      receiver: { publicKeys: [`whpk_${raw.toString('base64')}`] },
    });
    const message = signedMessage(SECRET, { id: 'evt_1', body: '{}' });
    const content = `evt_1.${headerOf(message, 'webhook-timestamp')}.{}`;
    const signature = `v1a,${sign(null, Buffer.from(content), privateKey).toString('base64')}`;

    expect(await receiver.send(message)).toMatchObject({ status: 401 });
    expect(await receiver.send(withHeader(message, 'webhook-signature', signature))).toMatchObject({
      status: 201,
    });
    await receiver.close();
  });
});

describe('the tolerance', () => {
  it('is an option', async () => {
    const receiver = await ReceiverApp.start({
      receiver: { secrets: [SECRET], tolerance: 10_000 },
      clock: new StillClock(),
    });
    const at = receiver.clock.now();

    expect(await receiver.send(signedMessage(SECRET, { at: at - 8_000 }))).toMatchObject({ status: 201 });
    expect(await receiver.send(signedMessage(SECRET, { at: at - 12_000 }))).toMatchObject({ status: 401 });
    expect(await receiver.send(signedMessage(SECRET, { at: at + 12_000 }))).toMatchObject({ status: 401 });
    await receiver.close();
  });
});

describe('an application that keeps no raw bodies', () => {
  it('answers 500 and says in the log how to keep them', async () => {
    const receiver = await ReceiverApp.start({ receiver: { secrets: [SECRET] }, rawBody: false });

    const answer = await receiver.send(signedMessage(SECRET));

    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('rawBody');
    expect(receiver.logger.of('error').join()).toContain('NestFactory.create(AppModule, { rawBody: true })');
    await receiver.close();
  });

  it('of one content type says how to read it', async () => {
    const receiver = await ReceiverApp.start({ receiver: { secrets: [SECRET] } });

    const answer = await receiver.send(
      signedMessage(SECRET, { body: '<a/>', contentType: 'application/xml' }),
    );

    expect(answer.status).toBe(500);
    expect(receiver.logger.of('error').join()).toContain(
      `useBodyParser('text', { type: 'application/xml' })`,
    );
    await receiver.close();
  });
});
