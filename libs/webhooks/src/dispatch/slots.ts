/** Who is being sent to. */
export interface SlotUser {
  readonly subscriptionId: string;
  readonly tenant: string;
}

/** An attempt under way. */
export interface Slot {
  readonly user: SlotUser;
  readonly startedAt: number;
  slow: boolean;
}

/** How many attempts may be under way at once. */
export interface SlotLimits {
  readonly concurrency: number;
  readonly concurrencyPerTenant: number;
}

/** An attempt that takes longer than this makes room for others. */
const SLOW_AFTER_MS = 1_000;
/** Slow attempts, as a multiple of the others. */
const SLOW_FACTOR = 4;

/** What is under way in a part of the slots. */
class Share {
  taken = 0;
  slow = 0;

  constructor(private readonly limit: number) {}

  isFree(isProven: boolean): boolean {
    if (this.taken - this.slow >= this.limit) return false;
    return isProven || this.slow < this.limit * SLOW_FACTOR;
  }
}

/**
 * The attempts under way. Those that take long are counted apart: a few hundred hanging endpoints would otherwise hold
 * every slot for a whole deadline, and nobody else would be sent to. When there are too many of them, too, only endpoints
 * that are known to answer go on.
 */
export class Slots {
  private readonly taken = new Set<Slot>();
  private readonly all: Share;
  private readonly tenants = new Map<string, Share>();
  /** Slow attempts by subscription. */
  private readonly slow = new Map<string, number>();

  /** `answers` says whether the last that is known of a subscription's endpoint is a success. */
  constructor(
    private readonly limits: SlotLimits,
    private readonly answers: (subscriptionId: string) => boolean,
  ) {
    this.all = new Share(limits.concurrency);
  }

  get size(): number {
    return this.taken.size;
  }

  /** Whether there is a slot for somebody. */
  get free(): boolean {
    return this.all.isFree(true);
  }

  isFreeFor({ subscriptionId, tenant }: SlotUser): boolean {
    const isProven = this.answers(subscriptionId) && !this.slow.has(subscriptionId);
    return this.all.isFree(isProven) && (this.tenants.get(tenant)?.isFree(isProven) ?? true);
  }

  take(user: SlotUser): Slot {
    const slot: Slot = { user, startedAt: performance.now(), slow: false };
    this.taken.add(slot);
    for (const share of this.sharesOf(user)) share.taken++;
    return slot;
  }

  give(slot: Slot): void {
    const { user } = slot;
    this.taken.delete(slot);
    if (slot.slow) this.countSlow(user, -1);
    for (const share of this.sharesOf(user)) share.taken--;
    if (this.tenants.get(user.tenant)?.taken === 0) this.tenants.delete(user.tenant);
  }

  /** Counts those apart that have become slow; true when that made room. */
  noticeSlow(): boolean {
    const limit = performance.now() - SLOW_AFTER_MS;
    const before = this.all.slow;
    for (const slot of this.taken) {
      if (slot.startedAt > limit) break;
      if (!slot.slow) this.countSlow(slot.user, 1);
      slot.slow = true;
    }
    return this.all.slow > before;
  }

  private countSlow(user: SlotUser, change: 1 | -1): void {
    for (const share of this.sharesOf(user)) share.slow += change;
    const slow = (this.slow.get(user.subscriptionId) ?? 0) + change;
    if (slow === 0) this.slow.delete(user.subscriptionId);
    else this.slow.set(user.subscriptionId, slow);
  }

  private sharesOf({ tenant }: SlotUser): readonly Share[] {
    const known = this.tenants.get(tenant);
    const share = known ?? new Share(this.limits.concurrencyPerTenant);
    if (!known) this.tenants.set(tenant, share);
    return [this.all, share];
  }
}
