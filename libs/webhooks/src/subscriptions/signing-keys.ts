import { parseSecret } from '../signing/secret.js';

/** A signing secret in clear. */
export interface SubscriptionSecret {
  readonly id: string;
  /** `whsec_…` */
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds from which it no longer signs; null: it stays. */
  readonly notAfter: number | null;
}

interface SigningKey {
  readonly key: Buffer;
  readonly notAfter: number;
}

/** The keys of a subscription's signing secrets, parsed at the first use. */
export class SigningKeys {
  private parsed: readonly SigningKey[] | undefined;
  private live:
    { readonly keys: readonly Buffer[]; readonly from: number; readonly until: number } | undefined;

  constructor(private readonly secrets: readonly SubscriptionSecret[]) {}

  /** Those that sign at this moment, oldest first. The same array as long as nothing expires. */
  at(nowMs: number): readonly Buffer[] {
    if (this.live && nowMs >= this.live.from && nowMs < this.live.until) return this.live.keys;
    const live = this.all().filter(({ notAfter }) => nowMs < notAfter);
    const until = Math.min(...live.map(({ notAfter }) => notAfter));
    this.live = { keys: live.map(({ key }) => key), from: nowMs, until };
    return this.live.keys;
  }

  private all(): readonly SigningKey[] {
    this.parsed ??= this.secrets.map(({ secret, notAfter }) => ({
      key: parseSecret(secret),
      notAfter: notAfter ?? Infinity,
    }));
    return this.parsed;
  }
}
