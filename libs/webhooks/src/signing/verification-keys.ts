import { createSecretKey, type KeyObject } from 'node:crypto';
import { parsePublicKey } from './public-key.js';
import { parseSecret } from './secret.js';

/** What signatures are checked with. The two kinds are kept apart: a public key must never serve as a shared secret. */
export interface VerificationKeys {
  /** For `v1`, HMAC-SHA256. */
  readonly secrets: readonly KeyObject[];
  /** For `v1a`, ed25519. */
  readonly publicKeys: readonly KeyObject[];
}

/**
 * Keys from their texts.
 * @throws SecretInvalidError, PublicKeyInvalidError when one of them is malformed.
 */
export function verificationKeys(
  secrets: readonly string[],
  publicKeys: readonly string[] = [],
): VerificationKeys {
  return {
    secrets: secrets.map((secret) => createSecretKey(parseSecret(secret))),
    publicKeys: publicKeys.map(parsePublicKey),
  };
}
