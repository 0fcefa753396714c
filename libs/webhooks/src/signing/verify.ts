import type { SignedMessage, VerificationFailure } from './check-message.js';
import { checkMessage } from './check-message.js';
import { verificationKeys } from './verification-keys.js';

/** How far a timestamp may be from now, in seconds, in either direction. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

function isPublic(key: string): boolean {
  return key.startsWith('whpk_');
}

/**
 * Checks a received webhook as Standard Webhooks asks: timestamp within 300 seconds, one signature that fits one of the
 * keys: `v1` for a secret (`whsec_…`), `v1a` for a public key (`whpk_…`). Several keys are for the time of a rotation.
 * Returns null when the message is genuine, otherwise why not.
 * @throws SecretInvalidError, PublicKeyInvalidError when a key itself is malformed.
 *
 * @example
 * if (verify({ headers, body }, secret) !== null) return response.status(401).end();
 */
export function verify(
  message: SignedMessage,
  keys: string | readonly string[],
  nowMs = Date.now(),
): VerificationFailure | null {
  const all = typeof keys === 'string' ? [keys] : keys;
  const secrets = all.filter((key) => !isPublic(key));
  return checkMessage(message, {
    keys: verificationKeys(secrets, all.filter(isPublic)),
    nowMs,
    toleranceMs: TIMESTAMP_TOLERANCE_SECONDS * 1_000,
  });
}
