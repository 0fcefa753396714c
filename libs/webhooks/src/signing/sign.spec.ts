import { Webhook } from 'standardwebhooks';
import { generateSecret } from './secret.js';
import { sign, signingKey } from './sign.js';
import { verify } from './verify.js';

const BODY = JSON.stringify({ type: 'OrderTicketed', city: 'Zürich ✈', empty: null });

function signed(secrets: readonly string[], body: string | Buffer = BODY, at = Date.now()) {
  const timestamp = Math.floor(at / 1000);
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign('evt_1', timestamp, body, secrets.map(signingKey)),
  };
}

describe('sign', () => {
  it('makes what the standardwebhooks package accepts', () => {
    const secret = generateSecret();
    expect(new Webhook(secret).verify(BODY, signed([secret]))).toEqual(JSON.parse(BODY));
  });

  it('signs bytes as it signs text', () => {
    const secret = generateSecret();
    const at = Date.now();
    expect(signed([secret], Buffer.from(BODY), at)).toEqual(signed([secret], BODY, at));
  });

  it('signs with every key while a secret is rotated', () => {
    const [old, current] = [generateSecret(), generateSecret()];
    const headers = signed([current, old]);
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    expect(new Webhook(old).verify(BODY, headers)).toBeDefined();
    expect(new Webhook(current).verify(BODY, headers)).toBeDefined();
  });
});

describe('verify', () => {
  const secret = generateSecret();

  it('accepts what the standardwebhooks package signs', () => {
    const now = new Date();
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', now, BODY),
    };
    expect(verify({ headers, body: BODY }, secret)).toBeNull();
  });

  it('finds the one fitting signature among others', () => {
    const headers = signed([generateSecret(), secret]);
    headers['webhook-signature'] = `v1a,AAAA ${headers['webhook-signature']}`;
    expect(verify({ headers, body: BODY }, secret)).toBeNull();
  });

  it.each([
    ['a changed body', signed([secret]), `${BODY} `, 'no-match'],
    ['another key', signed([generateSecret()]), BODY, 'no-match'],
    ['another id', { ...signed([secret]), 'webhook-id': 'evt_2' }, BODY, 'no-match'],
    ['a shortened signature', { ...signed([secret]), 'webhook-signature': 'v1,' }, BODY, 'no-match'],
    ['no signature', { ...signed([secret]), 'webhook-signature': '' }, BODY, 'header-missing'],
    ['a timestamp of words', { ...signed([secret]), 'webhook-timestamp': 'now' }, BODY, 'timestamp-invalid'],
  ])('refuses %s', (_case, headers, body, reason) => {
    expect(verify({ headers, body }, secret)).toBe(reason);
  });

  it('refuses a message older or newer than 300 seconds', () => {
    const at = 1_700_000_000_000;
    const message = { headers: signed([secret], BODY, at), body: BODY };
    expect(verify(message, secret, at + 300_000)).toBeNull();
    expect(verify(message, secret, at + 301_000)).toBe('timestamp-out-of-tolerance');
    expect(verify(message, secret, at - 301_000)).toBe('timestamp-out-of-tolerance');
  });
});
