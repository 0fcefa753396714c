import { createPrivateKey, createSecretKey, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { PublicKeyInvalidError } from '../errors/public-key-invalid-error.js';
import { SecretInvalidError } from '../errors/secret-invalid-error.js';
import { parsePublicKey } from './public-key.js';
import { generateSecret } from './secret.js';
import { sign, signingKey } from './sign.js';
import { verify } from './verify.js';

/** Of the tests of the Standard Webhooks project's own libraries. */
const PROJECT = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

/**
 * The seeds of RFC 8032, section 7.1 (tests 1 to 3). Signed with the OpenSSL command line, "openssl pkeyutl -sign
 * -rawin -keyform DER" over "id.timestamp.body", and once more with the formulas of section 5.1 written out in Python:
 * both gave these.
 */
const ED25519 = [
  {
    publicKey: 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
    id: PROJECT.id,
    timestamp: PROJECT.timestamp,
    body: PROJECT.body,
    signature: 'v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==',
  },
  {
    publicKey: 'whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=',
    id: PROJECT.id,
    timestamp: PROJECT.timestamp,
    body: PROJECT.body,
    signature: 'v1a,7anDmyOh9LNskt5GJUTacHmbvyUkT0/S1jnxFAp+h2hcVXnQLWhtWA2+wP6vO0AUwEYP23IIZVuneGRhNj7hDQ==',
  },
  {
    publicKey: 'whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=',
    id: 'evt_1',
    timestamp: 1_700_000_000,
    body: '{"city":"Zürich ✈"}',
    signature: 'v1a,P/tnzP224N8qWxSLwEEPjLSmsY9VWyMElIObeFjZxmYUx33roeI0IHtq19HuG3y1yGXUhT4c9RICyRZHvoooBQ==',
  },
  {
    publicKey: 'whpk_/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=',
    id: 'evt_1',
    timestamp: 1_700_000_000,
    body: '',
    signature: 'v1a,ercUamU1mw6b/Ym9ErLMGymE5QxN4Gx+mgomFTc9UXkDN7fqXk+MQ5iH0bBzg88qkbTdSOUoUi7bUEHaP9zJDw==',
  },
] as const;

interface Vector {
  readonly id: string;
  readonly timestamp: number | string;
  readonly body: string | Buffer;
  readonly signature: string;
}

function messageOf({ id, timestamp, body, signature }: Vector) {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  };
  return { headers, body };
}

/** Verifies at the very second of the message. */
function check(vector: Vector, keys: string | readonly string[]) {
  return verify(messageOf(vector), keys, Number(vector.timestamp) * 1_000);
}

describe('v1', () => {
  it('agrees with the vector of the Standard Webhooks project, in both directions', () => {
    const { id, timestamp, body, secret, signature } = PROJECT;

    expect(sign(id, timestamp, body, [signingKey(secret)])).toBe(signature);
    expect(check(PROJECT, secret)).toBeNull();
  });

  it('accepts the signature among those of other keys and versions', () => {
    const others = ['v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=', 'v2,AAAA', 'v1a,AAAA', ''];

    expect(check({ ...PROJECT, signature: [...others, PROJECT.signature].join(' ') }, PROJECT.secret)).toBe(
      null,
    );
  });

  it('accepts any of several secrets, in whatever order', () => {
    expect(check(PROJECT, [generateSecret(), PROJECT.secret])).toBeNull();
    expect(check(PROJECT, [PROJECT.secret, generateSecret()])).toBeNull();
  });

  it.each([
    ['another version', PROJECT.signature.replace('v1', 'v2')],
    ['no version', PROJECT.signature.replace('v1,', '')],
    ['a version in capitals', PROJECT.signature.replace('v1', 'V1')],
    ['no padding', PROJECT.signature.replace('=', '')],
    ['the alphabet of base64url', PROJECT.signature.replaceAll('/', '_').replaceAll('+', '-')],
    ['characters outside base64', PROJECT.signature.replace('g0hM', 'g0hM!')],
    ['a comma for a blank', `v1,AAAA,${PROJECT.signature}`],
    ['nothing after the version', 'v1,'],
    ['blanks only', '   '],
  ])('refuses a signature with %s', (_case, signature) => {
    expect(check({ ...PROJECT, signature }, PROJECT.secret)).toBe('no-match');
  });

  it('refuses everything when there is no key', () => {
    expect(check(PROJECT, [])).toBe('no-match');
  });

  it('says that a secret is malformed without repeating it', () => {
    expect(() => check(PROJECT, 'password1')).toThrow(SecretInvalidError);
    expect(() => check(PROJECT, 'password1')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('password1') }),
    );
  });
});

describe('v1a', () => {
  it.each(ED25519)('accepts the signature of $publicKey over "$id.$timestamp.$body"', (vector) => {
    expect(check(vector, vector.publicKey)).toBeNull();
    expect(check({ ...vector, body: Buffer.from(vector.body) }, vector.publicKey)).toBeNull();
  });

  it('is found beside v1, and v1 beside it', () => {
    const both = { ...PROJECT, signature: `${PROJECT.signature} ${ED25519[0].signature}` };

    expect(check(both, ED25519[0].publicKey)).toBeNull();
    expect(check(both, PROJECT.secret)).toBeNull();
    expect(check(both, [generateSecret(), ED25519[1].publicKey])).toBe('no-match');
  });

  it.each([
    ['a changed body', { body: `${PROJECT.body} ` }],
    ['another id', { id: 'msg_2' }],
    ['another timestamp', { timestamp: PROJECT.timestamp + 1 }],
    ['the signature of another key', { signature: ED25519[1].signature }],
    ['the signature under the name of v1', { signature: ED25519[0].signature.replace('v1a', 'v1') }],
    ['no padding', { signature: ED25519[0].signature.replace('==', '') }],
    ['63 bytes', { signature: `v1a,${Buffer.alloc(63).toString('base64')}` }],
    ['zeros', { signature: `v1a,${Buffer.alloc(64).toString('base64')}` }],
  ])('refuses %s', (_case, change) => {
    expect(check({ ...ED25519[0], ...change }, ED25519[0].publicKey)).toBe('no-match');
  });

  it('refuses the second form that a signature has in the arithmetic of ed25519', () => {
    const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
    const bytes = Buffer.from(ED25519[0].signature.slice('v1a,'.length), 'base64');
    const scalar = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
    const second = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse();
    const signature = `v1a,${Buffer.concat([bytes.subarray(0, 32), second]).toString('base64')}`;

    expect(check({ ...ED25519[0], signature }, ED25519[0].publicKey)).toBe('no-match');
  });

  it('never takes a public key for a shared secret', () => {
    const { publicKey, id, timestamp, body } = ED25519[0];
    const forged = sign(id, timestamp, body, [createSecretKey(publicKey.slice('whpk_'.length), 'base64')]);

    expect(check({ ...ED25519[0], signature: forged }, publicKey)).toBe('no-match');
    expect(check({ ...ED25519[0], signature: forged.replace('v1', 'v1a') }, publicKey)).toBe('no-match');
  });

  it('accepts what a key made here signs', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { x } = publicKey.export({ format: 'jwk' });
    const text = `whpk_${Buffer.from(x!, 'base64url').toString('base64')}`;
    const exported = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const value = signBytes(null, Buffer.from('evt_1.1700000000.{}'), exported).toString('base64');

    expect(
      check({ id: 'evt_1', timestamp: 1_700_000_000, body: '{}', signature: `v1a,${value}` }, text),
    ).toBeNull();
  });

  it.each([
    ['another prefix', `whsk_${Buffer.alloc(32).toString('base64')}`, 'start with "whpk_"'],
    ['characters outside base64', `whpk_${'!'.repeat(43)}=`, 'not base64'],
    ['64 bytes', `whpk_${Buffer.alloc(64).toString('base64')}`, 'holds 64 bytes'],
    ['nothing after the prefix', 'whpk_', 'holds 0 bytes'],
  ])('refuses a public key with %s, without repeating it', (_case, text, words) => {
    expect(() => parsePublicKey(text)).toThrow(PublicKeyInvalidError);
    expect(() => parsePublicKey(text)).toThrow(words);
    expect(() => parsePublicKey(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(text.slice(5) || text + text) }),
    );
  });
});

describe('the form of a message', () => {
  const secret = generateSecret();
  const signed = (id: string, timestamp: string, body: string): Vector => {
    const key = { id, timestamp, body };
    return { ...key, signature: sign(id, timestamp as unknown as number, body, [signingKey(secret)]) };
  };
  const at = (vector: Vector): string | null => verify(messageOf(vector), secret, 1_700_000_000_000);

  it.each([
    ['letters, digits, signs', 'evt_01-Ab/:+='],
    ['255 characters', 'a'.repeat(255)],
  ])('takes an id of %s', (_case, id) => {
    expect(at(signed(id, '1700000000', '{}'))).toBeNull();
  });

  it.each([
    ['a full stop', 'evt.1'],
    ['a blank', 'evt 1'],
    ['a line break', 'evt\n1'],
    ['a letter beyond ASCII', 'évt_1'],
    ['256 characters', 'a'.repeat(256)],
  ])('refuses an id with %s, however well signed', (_case, id) => {
    expect(at(signed(id, '1700000000', '{}'))).toBe('id-invalid');
  });

  it('never lets the parts of a signed message be cut in another way', () => {
    const { signature } = signed('evt_1', '1700000000', '1700000001.{}');

    expect(at({ id: 'evt_1.1700000000', timestamp: '1700000001', body: '{}', signature })).toBe('id-invalid');
  });

  it.each([
    ...['1700000000.0', '+1700000000', '-1', '01700000000', '1.7e9', '0x6553f100', ' 1700000000'],
    ...['1700000000000000', '2023-11-14T22:13:20Z', '١٧', 'NaN', 'Infinity', 'null'],
  ])('refuses the timestamp %j, however well signed', (timestamp) => {
    expect(at(signed('evt_1', timestamp, '{}'))).toBe('timestamp-invalid');
  });

  it('refuses a timestamp in milliseconds as too far off', () => {
    expect(at(signed('evt_1', '1700000000000', '{}'))).toBe('timestamp-out-of-tolerance');
  });

  it('takes 32 signatures and refuses 33, the right one among them', () => {
    const { signature, ...rest } = signed('evt_1', '1700000000', '{}');
    const list = (others: number): string => [...Array<string>(others).fill('v1a,A'), signature].join(' ');

    expect(at({ ...rest, signature: list(31) })).toBeNull();
    expect(at({ ...rest, signature: list(32) })).toBe('too-many-signatures');
  });

  it('answers a signature header of 100 kB without checking what is in it', () => {
    const { signature, ...rest } = signed('evt_1', '1700000000', '{}');

    expect(at({ ...rest, signature: `${signature} `.repeat(2_000) })).toBe('too-many-signatures');
    expect(at({ ...rest, signature: `v1,${'A'.repeat(100_000)}` })).toBe('no-match');
  });
});
