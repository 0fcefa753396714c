import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SecretInvalidError } from '../errors/secret-invalid-error.js';

const PRIVATE_PREFIX = 'whsk_';
const PUBLIC_PREFIX = 'whpk_';
const SEED_BYTES = 32;
/** What comes before the 32 bytes of an ed25519 key in PKCS #8 and in SubjectPublicKeyInfo (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A new private key in the form of Standard Webhooks: `whsk_` and the base64 of the seed and the public key (64 bytes). */
export function generatePrivateKey(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return PRIVATE_PREFIX + Buffer.concat([seedOf(privateKey), rawPublic(publicKey)]).toString('base64');
}

/** Whether a signing secret is a private key of its own kind, not a shared one. */
export function isPrivateKey(secret: string): boolean {
  return secret.startsWith(PRIVATE_PREFIX);
}

/**
 * The key inside `whsk_…`: a seed of 32 bytes (RFC 8032), which the public key may follow.
 *
 * @throws SecretInvalidError
 */
export function parsePrivateKey(secret: string): KeyObject {
  const bytes = bytesOf(secret);
  if (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES) {
    throw new SecretInvalidError(`The private key holds ${bytes.length} bytes: expected 32, or 64.`);
  }
  const der = Buffer.concat([PKCS8, bytes.subarray(0, SEED_BYTES)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/**
 * What the holder of a private key may tell everybody: `whpk_…`.
 *
 * @throws SecretInvalidError
 */
export function publicKeyOf(secret: string): string {
  return PUBLIC_PREFIX + rawPublic(createPublicKey(parsePrivateKey(secret))).toString('base64');
}

function bytesOf(text: string): Buffer {
  const encoded = text.startsWith(PRIVATE_PREFIX) ? text.slice(PRIVATE_PREFIX.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer.from skips what is not base64: only a round trip tells whether everything counted.
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === encoded.replace(/=+$/, '');
  if (encoded !== '' && isWhole) return bytes;
  throw new SecretInvalidError(`A private key (ed25519) is expected as "${PRIVATE_PREFIX}" and base64.`);
}

function seedOf(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8.length);
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}
