import { SecretInvalidError } from '../errors/secret-invalid-error.js';
import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { newId } from '../internal/ids.js';
import { generateSecret, parseSecret } from '../signing/secret.js';
import type { SubscriptionSecret } from './subscription.js';

/**
 * A subscription's first signing secret: the given one, or a new one.
 *
 * @throws SubscriptionInvalidError at `secret`
 */
export function newSecret(own: string | null, nowMs: number): SubscriptionSecret {
  if (own !== null) checkSecret(own);
  return { id: newId('sec', nowMs), secret: own ?? generateSecret(), createdAt: nowMs, notAfter: null };
}

function checkSecret(own: string): void {
  try {
    parseSecret(own);
  } catch (cause) {
    if (!(cause instanceof SecretInvalidError)) throw cause;
    throw new SubscriptionInvalidError([{ path: 'secret', message: cause.message }], { cause });
  }
}
