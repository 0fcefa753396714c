import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SecretKeyInvalidError } from '../errors/secret-key-invalid-error.js';
import { SecretUndecryptableError } from '../errors/secret-undecryptable-error.js';

/**
 * Keys for secrets at rest, each 32 bytes in base64: `current` encrypts, `previous` only decrypts. The word
 * `'plaintext'` in the place of everything stores secrets as they are; among `previous` it lets such values be read.
 */
export type KeyRingOptions =
  { readonly current: string; readonly previous?: readonly string[] | undefined } | typeof PLAINTEXT;

/** Where a secret is stored. A value moved to another place does not decrypt there. */
export interface SecretPlace {
  readonly table: string;
  readonly row: string;
  readonly purpose: string;
}

const PLAINTEXT = 'plaintext';
const PLAINTEXT_PREFIX = 'plain.';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_LENGTH = 8;
const FORM = /^v1\.([\w-]+)\.([\w-]+)\.([\w-]*)\.([\w-]+)$/;

/** Encrypts what must not be readable in the database: AES-256-GCM, as `v1.<key id>.<nonce>.<ciphertext>.<tag>`. */
export class KeyRing {
  private readonly keys = new Map<string, Buffer>();
  private readonly currentId: string | null;
  private readonly readsPlaintext: boolean;

  /** @throws SecretKeyInvalidError */
  constructor(options: KeyRingOptions) {
    if (options === PLAINTEXT) {
      this.currentId = null;
      this.readsPlaintext = true;
      return;
    }
    const { current, previous = [] } = options;
    this.currentId = this.add(current, 'secrets.current');
    this.readsPlaintext = previous.includes(PLAINTEXT);
    previous.forEach((key, index) => {
      if (key !== PLAINTEXT) this.add(key, `secrets.previous[${index}]`);
    });
  }

  /** Gives the text to store. */
  encrypt(secret: string, place: SecretPlace): string {
    if (this.currentId === null) return PLAINTEXT_PREFIX + secret;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.keys.get(this.currentId)!, nonce);
    cipher.setAAD(associatedData(place));
    const parts = [
      nonce,
      Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]),
      cipher.getAuthTag(),
    ];
    return ['v1', this.currentId, ...parts.map((part) => part.toString('base64url'))].join('.');
  }

  /** Whether a stored text is written as {@link encrypt} would write it now: with the current key, or in plain text. */
  isCurrent(stored: string): boolean {
    if (this.currentId === null) return stored.startsWith(PLAINTEXT_PREFIX);
    return FORM.exec(stored)?.[1] === this.currentId;
  }

  /** @throws SecretUndecryptableError */
  decrypt(stored: string, place: SecretPlace): string {
    if (stored.startsWith(PLAINTEXT_PREFIX)) return this.readPlaintext(stored, place);
    const [, keyId, ...parts] = FORM.exec(stored) ?? [];
    if (keyId === undefined) throw unreadable(place, 'it is not in the form that this package writes.');
    const key = this.keys.get(keyId);
    if (!key) throw unreadable(place, this.missingKey(keyId));
    const [nonce, text, tag] = parts.map((part) => Buffer.from(part, 'base64url')) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    try {
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associatedData(place)).setAuthTag(tag);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    } catch {
      throw unreadable(
        place,
        'it was altered, or moved here from another row. Restore the row or set it anew.',
      );
    }
  }

  private add(text: string, path: string): string {
    const key = parseKey(text, path);
    const id = createHash('sha256').update('webhooks-key-id\0').update(key).digest('base64url');
    const keyId = id.slice(0, KEY_ID_LENGTH);
    this.keys.set(keyId, key);
    return keyId;
  }

  // Whoever can write to the table could otherwise replace an authenticated value by a plain one of his own.
  private readPlaintext(stored: string, place: SecretPlace): string {
    if (this.readsPlaintext) return stored.slice(PLAINTEXT_PREFIX.length);
    const advice = `add '${PLAINTEXT}' to secrets.previous until every subscription was saved again.`;
    throw unreadable(place, `it is stored in plain text, which a key ring does not accept: ${advice}`);
  }

  private missingKey(keyId: string): string {
    if (this.currentId !== null) {
      return `its key "${keyId}" is not in the key ring. Add the key that was current before to secrets.previous.`;
    }
    return `it is encrypted with the key "${keyId}", and secrets is '${PLAINTEXT}'. Set secrets.current to that key.`;
  }
}

function parseKey(text: unknown, path: string): Buffer {
  if (typeof text !== 'string' || text === '') throw new SecretKeyInvalidError(path, 'is missing');
  if (!/^[\w+/-]+={0,2}$/.test(text)) throw new SecretKeyInvalidError(path, 'is not base64');
  const key = Buffer.from(text, 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new SecretKeyInvalidError(path, `has ${key.length} bytes`);
}

function associatedData({ table, row, purpose }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([table, row, purpose]), 'utf8');
}

function unreadable({ table, row, purpose }: SecretPlace, problem: string): SecretUndecryptableError {
  return new SecretUndecryptableError(`${purpose} of ${table} ${row}`, problem);
}
