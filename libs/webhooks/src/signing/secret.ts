import { randomBytes } from 'node:crypto';
import { SecretInvalidError } from '../errors/secret-invalid-error.js';

const PREFIX = 'whsec_';
const NEW_KEY_BYTES = 32;
const MIN_KEY_BYTES = 24;
const MAX_KEY_BYTES = 64;
const CURE = `expected "${PREFIX}" and the base64 of ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes, as generateSecret() makes it`;

/** A new signing secret in the form of Standard Webhooks: `whsec_` and the base64 of 32 random bytes. */
export function generateSecret(): string {
  return PREFIX + randomBytes(NEW_KEY_BYTES).toString('base64');
}

/**
 * The key inside a signing secret.
 * @throws SecretInvalidError when the prefix, the base64 or the length (24 to 64 bytes) is wrong.
 */
export function parseSecret(secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) {
    throw new SecretInvalidError(`The signing secret does not start with "${PREFIX}": ${CURE}.`);
  }
  const encoded = secret.slice(PREFIX.length);
  const key = Buffer.from(encoded, 'base64');
  // Buffer.from skips what is not base64: only a round trip tells whether everything counted.
  if (key.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) {
    throw new SecretInvalidError(`The signing secret is not base64 after "${PREFIX}": ${CURE}.`);
  }
  if (key.length < MIN_KEY_BYTES || key.length > MAX_KEY_BYTES) {
    throw new SecretInvalidError(`The signing secret holds ${key.length} bytes: ${CURE}.`);
  }
  return key;
}
