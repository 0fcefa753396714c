import { createHmac, timingSafeEqual } from 'node:crypto';
import { AccessInvalidError } from '../problems/access-invalid-error.js';

const KEY_BYTES = 32;
const TOKEN = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const HEADER = base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' }));

/** Signs and opens JSON Web Tokens with HMAC-SHA256 and nothing else, whatever their header says. */
export class TokenKeys {
  /** The current one first. */
  readonly #keys: readonly Buffer[];

  /** @throws AccessInvalidError for a key that is none */
  constructor(current: string, previous: readonly string[]) {
    this.#keys = [keyOf(current, 'current'), ...previous.map((key, at) => keyOf(key, `previous[${at}]`))];
  }

  /** A token with these claims, by the current key. */
  sign(claims: object): string {
    const signed = `${HEADER}.${base64url(JSON.stringify(claims))}`;
    return `${signed}.${signatureOf(signed, this.#keys[0]!).toString('base64url')}`;
  }

  /** The claims of a token that one of the keys has signed. */
  open(token: string): unknown {
    const [, header, claims, signature] = TOKEN.exec(token) ?? [];
    // The header is under the signature, and only ours is ever signed: no algorithm can be chosen by it.
    if (header !== HEADER || claims === undefined || signature === undefined) return undefined;
    const given = Buffer.from(signature, 'base64url');
    const isOurs = this.#keys.some((key) => isSame(given, signatureOf(`${header}.${claims}`, key)));
    return isOurs ? JSON.parse(Buffer.from(claims, 'base64url').toString()) : undefined;
  }
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function signatureOf(text: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function isSame(given: Buffer, wanted: Buffer): boolean {
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function keyOf(text: string, name: string): Buffer {
  const key = Buffer.from(String(text), 'base64');
  if (key.length >= KEY_BYTES) return key;
  throw new AccessInvalidError(
    `The key "${name}" must be at least ${KEY_BYTES} random bytes in base64: \`openssl rand -base64 ${KEY_BYTES}\`.`,
  );
}
