import { SecretInvalidError } from '../errors/secret-invalid-error.js';
import { SubscriptionConflictError } from '../errors/subscription-conflict-error.js';
import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { newId } from '../internal/ids.js';
import { generatePrivateKey, isPrivateKey } from '../signing/private-key.js';
import { generateSecret, parseSecret } from '../signing/secret.js';
import type { SignatureScheme, SubscriptionSecret } from './signing-keys.js';

/** How a secret is replaced. */
export interface Rotation {
  /** `whsec_…`; null: a new one. */
  readonly own: string | null;
  /** How long the replaced ones go on signing, in milliseconds. */
  readonly overlapMs: number;
  readonly signatures: readonly SignatureScheme[];
}

/** Secrets of one kind that sign at the same time (Standard Webhooks sends a signature for each). */
const MAX_LIVE = 10;

/**
 * A subscription's first signing secrets: a shared one, given or new, and a private key when it signs with `v1a`.
 *
 * @throws SubscriptionInvalidError at `secret`
 */
export function firstSecrets(
  own: string | null,
  signatures: readonly SignatureScheme[],
  nowMs: number,
): SubscriptionSecret[] {
  return withMissing([shared(own, nowMs)], signatures, nowMs);
}

/** The secrets, and a private key where `v1a` is wanted and none is left. */
export function withMissing(
  secrets: readonly SubscriptionSecret[],
  signatures: readonly SignatureScheme[],
  nowMs: number,
): SubscriptionSecret[] {
  const live = secrets.filter((each) => isLive(each, nowMs));
  const isComplete = !signatures.includes('v1a') || live.some(({ secret }) => isPrivateKey(secret));
  return isComplete ? [...secrets] : [...secrets, entry(generatePrivateKey(), nowMs)];
}

/**
 * New secrets beside the ones there are, which end after the overlap.
 *
 * @throws SubscriptionInvalidError at `secret`
 * @throws SubscriptionConflictError when ten are live already
 */
export function rotated(
  secrets: readonly SubscriptionSecret[],
  { own, overlapMs, signatures }: Rotation,
  nowMs: number,
): SubscriptionSecret[] {
  const end = nowMs + overlapMs;
  const kept = secrets
    .filter((each) => isLive(each, nowMs) && overlapMs > 0)
    .map((each) => ({ ...each, notAfter: Math.min(each.notAfter ?? Infinity, end) }));
  const added = [
    shared(own, nowMs),
    ...(signatures.includes('v1a') ? [entry(generatePrivateKey(), nowMs)] : []),
  ];
  const next = [...kept, ...added];
  for (const kind of [true, false]) refuseTooMany(next.filter(({ secret }) => isPrivateKey(secret) === kind));
  return next;
}

function refuseTooMany(secrets: readonly SubscriptionSecret[]): void {
  if (secrets.length <= MAX_LIVE) return;
  const firstEnd = Math.min(...secrets.map(({ notAfter }) => notAfter ?? Infinity));
  throw new SubscriptionConflictError(
    `${MAX_LIVE} signing secrets are live, and no more can be: wait until ${new Date(firstEnd).toISOString()}, ` +
      'when the first one ends, or rotate with no overlap, which ends all of them.',
  );
}

function isLive({ notAfter }: SubscriptionSecret, nowMs: number): boolean {
  return notAfter === null || nowMs < notAfter;
}

function shared(own: string | null, nowMs: number): SubscriptionSecret {
  if (own !== null) checkSecret(own);
  return entry(own ?? generateSecret(), nowMs);
}

function entry(secret: string, nowMs: number): SubscriptionSecret {
  return { id: newId('sec', nowMs), secret, createdAt: nowMs, notAfter: null };
}

function checkSecret(own: string): void {
  try {
    parseSecret(own);
  } catch (cause) {
    if (!(cause instanceof SecretInvalidError)) throw cause;
    throw new SubscriptionInvalidError([{ path: 'secret', message: cause.message }], { cause });
  }
}
