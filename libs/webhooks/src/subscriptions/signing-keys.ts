import type { KeyObject } from 'node:crypto';
import { isPrivateKey } from '../signing/private-key.js';
import { signingKey } from '../signing/sign.js';

/** Kinds of signatures (Standard Webhooks): `v1` with a shared secret, `v1a` with a private key (ed25519). */
export const SIGNATURE_SCHEMES = ['v1', 'v1a'] as const;

/** A kind of signature. */
export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number];

/** A signing secret in clear. */
export interface SubscriptionSecret {
  readonly id: string;
  /** `whsec_…`, or `whsk_…` for `v1a`. */
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds from which it no longer signs; null: it stays. */
  readonly notAfter: number | null;
}

interface SigningKey {
  readonly key: KeyObject;
  readonly notAfter: number;
}

/** The keys of a subscription's signing secrets, parsed at the first use. */
export class SigningKeys {
  private parsed: readonly SigningKey[] | undefined;
  private live:
    { readonly keys: readonly KeyObject[]; readonly from: number; readonly until: number } | undefined;

  constructor(
    private readonly secrets: readonly SubscriptionSecret[],
    private readonly signatures: readonly SignatureScheme[],
  ) {}

  /** Those that sign at this moment, oldest first. The same array as long as nothing expires. */
  at(nowMs: number): readonly KeyObject[] {
    if (this.live && nowMs >= this.live.from && nowMs < this.live.until) return this.live.keys;
    const live = this.all().filter(({ notAfter }) => nowMs < notAfter);
    const until = Math.min(...live.map(({ notAfter }) => notAfter));
    this.live = { keys: live.map(({ key }) => key), from: nowMs, until };
    return this.live.keys;
  }

  private all(): readonly SigningKey[] {
    this.parsed ??= this.secrets
      .filter(({ secret }) => this.signatures.includes(isPrivateKey(secret) ? 'v1a' : 'v1'))
      .map(({ secret, notAfter }) => ({ key: signingKey(secret), notAfter: notAfter ?? Infinity }));
    return this.parsed;
  }
}
