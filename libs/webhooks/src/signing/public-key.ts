import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { PublicKeyInvalidError } from '../errors/public-key-invalid-error.js';

const PREFIX = 'whpk_';
const KEY_BYTES = 32;
const CURE = `expected "${PREFIX}" and the base64 of ${KEY_BYTES} bytes (ed25519), as the sender publishes it`;

/**
 * The ed25519 key in a sender's public key, `whpk_` and the base64 of its 32 bytes: for signatures of the version `v1a`.
 * @throws PublicKeyInvalidError when the prefix, the base64 or the length is wrong.
 */
export function parsePublicKey(publicKey: string): KeyObject {
  if (!publicKey.startsWith(PREFIX)) {
    throw new PublicKeyInvalidError(`The public key does not start with "${PREFIX}": ${CURE}.`);
  }
  const encoded = publicKey.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  // Buffer.from skips what is not base64: only a round trip tells whether everything counted.
  if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) {
    throw new PublicKeyInvalidError(`The public key is not base64 after "${PREFIX}": ${CURE}.`);
  }
  if (bytes.length !== KEY_BYTES) {
    throw new PublicKeyInvalidError(`The public key holds ${bytes.length} bytes: ${CURE}.`);
  }
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
  return createPublicKey({ format: 'jwk', key: jwk });
}
