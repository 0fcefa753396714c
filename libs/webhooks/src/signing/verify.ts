import { timingSafeEqual } from 'node:crypto';
import { parseSecret } from './secret.js';
import { sign } from './sign.js';

/** How far a timestamp may be from now, in seconds, in either direction. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

/** A request as a receiver sees it: lower-case header names, the body's exact text or bytes. */
export interface SignedMessage {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | Buffer;
}

/** Why a message is not to be trusted. */
export type VerificationFailure =
  'header-missing' | 'timestamp-invalid' | 'timestamp-out-of-tolerance' | 'no-match';

function equal(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}

function checkTimestamp(timestamp: string, nowMs: number): VerificationFailure | null {
  if (!/^\d{1,15}$/.test(timestamp)) return 'timestamp-invalid';
  const distance = Math.abs(nowMs / 1000 - Number(timestamp));
  return distance > TIMESTAMP_TOLERANCE_SECONDS ? 'timestamp-out-of-tolerance' : null;
}

/**
 * Checks a received webhook as Standard Webhooks asks: timestamp within 300 seconds, one `v1` signature that fits.
 * Returns null when the message is genuine, otherwise why not.
 * @throws SecretInvalidError when the secret itself is malformed.
 *
 * @example
 * if (verify({ headers, body }, secret) !== null) return response.status(401).end();
 */
export function verify(
  message: SignedMessage,
  secret: string,
  nowMs = Date.now(),
): VerificationFailure | null {
  const key = parseSecret(secret);
  const id = message.headers['webhook-id'];
  const timestamp = message.headers['webhook-timestamp'];
  const signatures = message.headers['webhook-signature'];
  if (!id || !timestamp || !signatures) return 'header-missing';

  const failure = checkTimestamp(timestamp, nowMs);
  if (failure !== null) return failure;

  const expected = sign(id, Number(timestamp), message.body, [key]);
  return signatures.split(' ').some((given) => equal(expected, given)) ? null : 'no-match';
}
