import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { SecretKeyInvalidError } from '../errors/secret-key-invalid-error.js';
import { SecretUndecryptableError } from '../errors/secret-undecryptable-error.js';
import { KeyRing } from './key-ring.js';

const OLD = randomBytes(32).toString('base64');
const NEW = randomBytes(32).toString('base64');
const PLACE = { table: 'subscriptions', row: 'sub_1', purpose: 'header' };
const SECRET = 'Basic Straße-✈-password';

function alter(text: string, part: number): string {
  const parts = text.split('.');
  const first = parts[part]!.startsWith('A') ? 'B' : 'A';
  parts[part] = first + parts[part]!.slice(1);
  return parts.join('.');
}

describe('a key ring', () => {
  const ring = new KeyRing({ current: OLD });

  it('gives back what it encrypted, and shows none of it', () => {
    const stored = ring.encrypt(SECRET, PLACE);
    expect(stored).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(ring.decrypt(stored, PLACE)).toBe(SECRET);
    expect(ring.decrypt(ring.encrypt('', PLACE), PLACE)).toBe('');
  });

  it('shows no key in a dump', () => {
    const dump = inspect(ring, { depth: 9, showHidden: true });
    expect(dump).not.toContain(OLD);
    expect(dump).not.toContain('Buffer');
  });

  it('never encrypts the same text to the same value', () => {
    expect(ring.encrypt(SECRET, PLACE)).not.toBe(ring.encrypt(SECRET, PLACE));
  });

  it.each([
    ['nonce', 2],
    ['text', 3],
    ['tag', 4],
  ])('refuses a value whose %s was altered', (_name, part) => {
    const stored = alter(ring.encrypt(SECRET, PLACE), part);
    expect(() => ring.decrypt(stored, PLACE)).toThrow(SecretUndecryptableError);
    expect(() => ring.decrypt(stored, PLACE)).toThrow('was altered, or moved here');
  });

  it.each([
    ['another table', { ...PLACE, table: 'events' }],
    ['another row', { ...PLACE, row: 'sub_2' }],
    ['another purpose', { ...PLACE, purpose: 'sec_1' }],
    ['a place whose parts join to the same text', { ...PLACE, row: 'sub_', purpose: '1header' }],
  ])('refuses a value that was moved to %s', (_name, place) => {
    const stored = ring.encrypt(SECRET, PLACE);
    expect(() => ring.decrypt(stored, place)).toThrow(SecretUndecryptableError);
  });

  it.each(['', 'v1', 'v2.a.b.c.d', 'v1.a.b.c', 'hello'])(
    'refuses "%s", which it has not written',
    (stored) => {
      expect(() => ring.decrypt(stored, PLACE)).toThrow('not in the form');
    },
  );

  it('refuses a truncated tag', () => {
    const stored = ring.encrypt(SECRET, PLACE);
    expect(() => ring.decrypt(stored.slice(0, -6), PLACE)).toThrow(SecretUndecryptableError);
  });

  it('reads with a previous key what it encrypts with the current one from then on', () => {
    const rotated = new KeyRing({ current: NEW, previous: [OLD] });
    const before = ring.encrypt(SECRET, PLACE);
    const after = rotated.encrypt(SECRET, PLACE);
    expect(rotated.decrypt(before, PLACE)).toBe(SECRET);
    expect(new KeyRing({ current: NEW }).decrypt(after, PLACE)).toBe(SECRET);
    expect(() => ring.decrypt(after, PLACE)).toThrow(/"[\w-]{8}" is not in the key ring.*secrets\.previous/);
  });

  it('tells what to do when the key of a value is gone, and names neither', () => {
    const stored = ring.encrypt(SECRET, PLACE);
    const error = thrownBy(() => new KeyRing({ current: NEW }).decrypt(stored, PLACE));
    expect(error).toMatchObject({ code: 'SECRET_UNDECRYPTABLE' });
    expect(error.message).toContain('header of subscriptions sub_1');
    expect(error.message).not.toContain(stored.split('.')[3]);
  });
});

describe('a key ring in plain text', () => {
  const plain = new KeyRing('plaintext');

  it('stores secrets as they are, with a mark', () => {
    expect(plain.encrypt(SECRET, PLACE)).toBe(`plain.${SECRET}`);
    expect(plain.decrypt(`plain.${SECRET}`, PLACE)).toBe(SECRET);
  });

  it('does not accept a plain value in the place of an encrypted one, unless it is told to', () => {
    const stored = plain.encrypt(SECRET, PLACE);
    expect(() => new KeyRing({ current: NEW }).decrypt(stored, PLACE)).toThrow(
      "add 'plaintext' to secrets.previous",
    );
    const lenient = new KeyRing({ current: NEW, previous: ['plaintext'] });
    expect(lenient.decrypt(stored, PLACE)).toBe(SECRET);
    expect(lenient.encrypt(SECRET, PLACE)).not.toContain(SECRET);
  });

  it('names the key that is missing for an encrypted value', () => {
    const stored = new KeyRing({ current: OLD }).encrypt(SECRET, PLACE);
    expect(() => plain.decrypt(stored, PLACE)).toThrow('Set secrets.current to that key');
  });
});

describe('a key', () => {
  it.each([
    ['no base64', 'not/base64!', 'is not base64'],
    ['too short', randomBytes(31).toString('base64'), 'has 31 bytes'],
    ['too long', randomBytes(33).toString('base64'), 'has 33 bytes'],
    ['empty', '', 'is missing'],
    ['no text', undefined as unknown as string, 'is missing'],
  ])('is refused when it is %s, without being named', (_name, key, words) => {
    const error = thrownBy(() => new KeyRing({ current: key }));
    expect(error).toBeInstanceOf(SecretKeyInvalidError);
    expect(error.message).toContain(`secrets.current ${words}`);
    expect(error.message).toContain('openssl rand -base64 32');
    if (key) expect(error.message).not.toContain(key);
  });

  it('may be written in base64url, and without padding', () => {
    const key = randomBytes(32);
    const stored = new KeyRing({ current: key.toString('base64') }).encrypt(SECRET, PLACE);
    expect(new KeyRing({ current: key.toString('base64url') }).decrypt(stored, PLACE)).toBe(SECRET);
  });

  it('is named by its place among the previous ones', () => {
    expect(() => new KeyRing({ current: NEW, previous: [OLD, 'x'] })).toThrow(
      'secrets.previous[1] has 0 bytes',
    );
  });
});

function thrownBy(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown');
}
