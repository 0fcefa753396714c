import { randomBytes } from 'node:crypto';
import { verify } from 'nestjs-webhooks';
import { Webhook } from 'standardwebhooks';
import type { Message } from './receiver-app.js';
import { ReceiverApp } from './receiver-app.js';
import { headerOf, signedMessage, withHeader } from './signed-message.js';

const [OLD, CURRENT] = [0, 1].map(() => `whsec_${randomBytes(32).toString('base64')}`) as [string, string];
const BODY = JSON.stringify({ type: 'order.ticketed', city: 'Zürich ✈', note: '\u2028', empty: null });

/** A message as a sender with the `standardwebhooks` package makes it. */
function packaged(secrets: readonly string[], { id = 'msg_1', at = new Date(), body = BODY } = {}): Message {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  return {
    headers: [
      ['content-type', 'application/json'],
      ['webhook-id', id],
      ['webhook-timestamp', String(Math.floor(at.getTime() / 1_000))],
      ['webhook-signature', signatures.join(' ')],
    ],
    body,
  };
}

/** What the package's own verification says of a message. */
function packageAccepts(secret: string, { headers, body }: Message): boolean {
  try {
    new Webhook(secret).verify(String(body), Object.fromEntries(headers));
    return true;
  } catch {
    return false;
  }
}

describe('the receiver and the standardwebhooks package', () => {
  let receiver: ReceiverApp;

  const startWith = async (...secrets: string[]): Promise<void> => {
    receiver = await ReceiverApp.start({ receiver: { secrets } });
  };

  afterEach(() => receiver.close());

  it.each([
    ['before a rotation', [OLD], [OLD]],
    ['of a sender that rotates first', [OLD], [CURRENT, OLD]],
    ['of a receiver that rotates first', [CURRENT, OLD], [OLD]],
    ['while both have both', [CURRENT, OLD], [OLD, CURRENT]],
    ['after a rotation', [CURRENT], [CURRENT]],
  ])('agree on a message %s', async (_case, known, signers) => {
    await startWith(...known);
    const message = packaged(signers);

    expect(known.some((secret) => packageAccepts(secret, message))).toBe(true);
    expect(await receiver.send(message)).toMatchObject({ status: 201 });
    expect(receiver.inbox.received).toMatchObject([{ id: 'msg_1', body: JSON.parse(BODY) }]);
  });

  it('agree that the old secret is over', async () => {
    await startWith(CURRENT);

    expect(packageAccepts(CURRENT, packaged([OLD]))).toBe(false);
    expect(await receiver.send(packaged([OLD]))).toMatchObject({ status: 401 });
  });

  it.each<[string, (message: Message) => Message]>([
    ['a changed body', (message) => ({ ...message, body: `${String(message.body)} ` })],
    ['another id', (message) => withHeader(message, 'webhook-id', 'msg_2')],
    [
      'another timestamp',
      (message) => withHeader(message, 'webhook-timestamp', String(Math.floor(Date.now() / 1_000) - 9)),
    ],
    ['no signature', (message) => withHeader(message, 'webhook-signature', null)],
    ['no id', (message) => withHeader(message, 'webhook-id', null)],
    ['no timestamp', (message) => withHeader(message, 'webhook-timestamp', null)],
    ['words for a timestamp', (message) => withHeader(message, 'webhook-timestamp', 'soon')],
    [
      'a signature of another version',
      (message) =>
        withHeader(message, 'webhook-signature', headerOf(message, 'webhook-signature').replace('v1', 'v2')),
    ],
    ['malformed base64', (message) => withHeader(message, 'webhook-signature', 'v1,%%%%')],
    ['an old message', () => packaged([OLD], { at: new Date(Date.now() - 330_000) })],
    ['a message of the future', () => packaged([OLD], { at: new Date(Date.now() + 330_000) })],
  ])('agree in refusing %s', async (_case, spoil) => {
    await startWith(OLD);
    const message = spoil(packaged([OLD]));

    expect(packageAccepts(OLD, message)).toBe(false);
    expect((await receiver.send(message)).status).toBeGreaterThanOrEqual(400);
    expect(receiver.inbox.received).toEqual([]);
  });

  it('take what the tests write down from the specification, both', async () => {
    await startWith(OLD);
    const message = signedMessage([CURRENT, OLD], { body: BODY });

    expect(packageAccepts(OLD, message)).toBe(true);
    expect(await receiver.send(message)).toMatchObject({ status: 201 });
  });
});

describe('verify()', () => {
  it('accepts what the package signs with either of two secrets', () => {
    const { headers, body } = packaged([OLD, CURRENT]);
    const message = { headers: Object.fromEntries(headers), body };

    expect([verify(message, OLD), verify(message, [CURRENT])]).toEqual([null, null]);
    expect(verify(message, [`whsec_${randomBytes(32).toString('base64')}`])).toBe('no-match');
  });
});
