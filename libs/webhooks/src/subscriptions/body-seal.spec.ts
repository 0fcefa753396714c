import { randomBytes } from 'node:crypto';
import { BodySeal } from './body-seal.js';
import { KeyRing } from './key-ring.js';

const KEY = randomBytes(32).toString('base64');
const seal = new BodySeal(new KeyRing({ current: KEY }));
const ID = 'evt_1.sub_1';
const ORIGIN = 'https://a.example';

describe('the seal of a frozen body', () => {
  it.each(['{"a":1}', '{"text":"sealed:x"}', 'a=1&b=2', ' sealed:'])('leaves %j as it is', (body) => {
    expect(seal.seal(ID, body, null)).toBe(body);
    expect(seal.open(ID, body, ORIGIN)).toBe(body);
  });

  it.each(['{"pin":"4711"}', '', 'a\0b', '\ud83d\ude00 "\n', 'sealed:'])(
    'hides %j when it holds a secret',
    (body) => {
      const stored = seal.seal(ID, body, ORIGIN);
      expect(stored).toMatch(/^sealed:v1\.[\w.-]+$/);
      expect(seal.open(ID, stored, ORIGIN)).toBe(body);
      expect(seal.seal(ID, body, ORIGIN)).not.toBe(stored);
    },
  );

  it.each([
    ['begins like a sealed one', `sealed:${seal.seal(ID, 'x', ORIGIN)}`],
    ['is nothing but the marker', 'sealed:'],
    ['is empty, which would mean that there is none yet', ''],
    ['holds NUL, which PostgreSQL cannot store', 'a\0b'],
    ['holds a lone surrogate, which it cannot store either', 'a\ud83d'],
  ])('closes also what %s', (_name, body) => {
    for (const ring of [seal, new BodySeal(new KeyRing('plaintext'))]) {
      const stored = ring.seal(ID, body, null);
      expect(stored).not.toBe(body);
      expect(stored).not.toContain('\0');
      expect(stored).not.toBe('');
      expect(ring.open(ID, stored, ORIGIN)).toBe(body);
    }
  });

  it('opens with a previous key', () => {
    const next = { current: randomBytes(32).toString('base64'), previous: [KEY] };
    expect(new BodySeal(new KeyRing(next)).open(ID, seal.seal(ID, 'x', ORIGIN), ORIGIN)).toBe('x');
  });

  it('gives the secrets in it to no other origin', () => {
    expect(seal.open(ID, seal.seal(ID, 'x', ORIGIN), 'https://a.example:8443')).toBeNull();
    expect(seal.open(ID, seal.seal(ID, '', null), 'https://a.example:8443')).toBe('');
  });

  it.each([
    ['without the key', new BodySeal(new KeyRing({ current: randomBytes(32).toString('base64') })), ID],
    ['in another delivery', seal, 'evt_1.sub_2'],
  ])('stays closed %s', (_name, other, id) => {
    expect(() => other.open(id, seal.seal(ID, 'x', ORIGIN), ORIGIN)).toThrow(
      expect.objectContaining({ code: 'SECRET_UNDECRYPTABLE' }),
    );
  });

  it.each(['sealed:', 'sealed:plain.{"pin":4711', 'sealed:something else 4711'])(
    'does not take %j for a body, and quotes none of it',
    (stored) => {
      const error = caught(() => new BodySeal(new KeyRing('plaintext')).open(ID, stored, ORIGIN));
      expect(error).toMatchObject({ code: 'SECRET_UNDECRYPTABLE' });
      expect(`${error.stack} ${String(error.cause)}`).not.toContain('4711');
    },
  );
});

function caught(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}
