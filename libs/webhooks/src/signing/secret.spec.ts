import { SecretInvalidError } from '../errors/secret-invalid-error.js';
import { generateSecret, parseSecret } from './secret.js';

describe('secret', () => {
  it('is made of whsec_ and 32 random bytes', () => {
    const secret = generateSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(parseSecret(secret)).toHaveLength(32);
    expect(generateSecret()).not.toBe(secret);
  });

  it('is read with or without the padding of base64', () => {
    const secret = generateSecret();
    expect(parseSecret(secret.replace('=', ''))).toEqual(parseSecret(secret));
  });

  it.each([
    ['another prefix', `whsk_${Buffer.alloc(32).toString('base64')}`, 'start with "whsec_"'],
    ['characters outside base64', `whsec_${'!'.repeat(43)}=`, 'not base64'],
    ['a line break', `${generateSecret()}\n`, 'not base64'],
    ['too few bytes', `whsec_${Buffer.alloc(23).toString('base64')}`, 'holds 23 bytes'],
    ['too many bytes', `whsec_${Buffer.alloc(65).toString('base64')}`, 'holds 65 bytes'],
    ['nothing after the prefix', 'whsec_', 'holds 0 bytes'],
  ])('is refused with %s', (_case, secret, words) => {
    expect(() => parseSecret(secret)).toThrow(SecretInvalidError);
    expect(() => parseSecret(secret)).toThrow(words);
  });

  it('is never repeated in the error', () => {
    const secret = 'my-password-in-the-wrong-field';
    expect(() => parseSecret(secret)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
    expect(() => parseSecret(secret)).toThrow(expect.objectContaining({ code: 'SECRET_INVALID' }));
  });
});
