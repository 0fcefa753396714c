import { verify as verifyBytes } from 'node:crypto';
import { SecretInvalidError } from '../errors/secret-invalid-error.js';
import { generatePrivateKey, parsePrivateKey, publicKeyOf } from './private-key.js';
import { parsePublicKey } from './public-key.js';
import { generateSecret } from './secret.js';
import { sign, signingKey } from './sign.js';
import { verify } from './verify.js';

/** RFC 8032, section 7.1, the first three tests: seed, public key, message and signature. */
const RFC_8032 = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
  ],
] as const;

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

describe('a private key', () => {
  it.each(RFC_8032)('of the seed %s has the public key of RFC 8032', (seed, publicKey) => {
    expect(publicKeyOf(`whsk_${base64(seed)}`)).toBe(`whpk_${base64(publicKey)}`);
    expect(publicKeyOf(`whsk_${base64(seed + publicKey)}`)).toBe(`whpk_${base64(publicKey)}`);
  });

  it('is made of 64 bytes, and another one each time', () => {
    const secret = generatePrivateKey();
    expect(Buffer.from(secret.slice('whsk_'.length), 'base64')).toHaveLength(64);
    expect(generatePrivateKey()).not.toBe(secret);
  });

  it('makes v1a signatures of id, timestamp and body, beside the v1 ones of a shared secret', () => {
    const [shared, own] = [generateSecret(), generatePrivateKey()];
    const signature = sign('evt_1', 1_700_000_000, 'Zürich ✈', [shared, own].map(signingKey));
    const [v1, v1a] = signature.split(' ');
    const bytes = Buffer.from(v1a!.slice('v1a,'.length), 'base64');
    const content = Buffer.from('evt_1.1700000000.Zürich ✈');

    expect(verifyBytes(null, content, parsePublicKey(publicKeyOf(own)), bytes)).toBe(true);
    const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': '1700000000' };
    const message = { headers: { ...headers, 'webhook-signature': signature }, body: 'Zürich ✈' };
    expect(verify(message, publicKeyOf(own), 1_700_000_000_000)).toBeNull();
    expect(verify(message, shared, 1_700_000_000_000)).toBeNull();
    const alone = { headers: { ...headers, 'webhook-signature': v1! }, body: 'Zürich ✈' };
    expect(verify(alone, publicKeyOf(own), 1_700_000_000_000)).toBe('no-match');
  });

  it.each([
    ['another prefix', generateSecret()],
    ['no base64', 'whsk_!!!!'],
    ['nothing after the prefix', 'whsk_'],
    ['33 bytes', `whsk_${Buffer.alloc(33, 5).toString('base64')}`],
  ])('is refused with %s, without being repeated', (_case, text) => {
    expect(() => parsePrivateKey(text)).toThrow(SecretInvalidError);
    expect(() => parsePrivateKey(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(text.slice(5) || text + text) }),
    );
  });
});
