/** An attempt under way. */
export interface Slot {
  readonly tenant: string;
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

/**
 * The attempts under way. Those that take long are counted apart: a few hundred hanging endpoints would otherwise hold
 * every slot for a whole deadline, and nobody else would be sent to.
 */
export class Slots {
  private readonly taken = new Set<Slot>();
  private readonly tenants = new Map<string, number>();
  private slow = 0;

  constructor(private readonly limits: SlotLimits) {}

  get size(): number {
    return this.taken.size;
  }

  get free(): boolean {
    const { concurrency } = this.limits;
    return this.taken.size - this.slow < concurrency && this.slow < concurrency * SLOW_FACTOR;
  }

  isFreeFor(tenant: string): boolean {
    return (this.tenants.get(tenant) ?? 0) < this.limits.concurrencyPerTenant;
  }

  take(tenant: string): Slot {
    const slot: Slot = { tenant, startedAt: performance.now(), slow: false };
    this.taken.add(slot);
    this.tenants.set(tenant, (this.tenants.get(tenant) ?? 0) + 1);
    return slot;
  }

  give(slot: Slot): void {
    this.taken.delete(slot);
    if (slot.slow) this.slow--;
    const left = (this.tenants.get(slot.tenant) ?? 1) - 1;
    if (left === 0) this.tenants.delete(slot.tenant);
    else this.tenants.set(slot.tenant, left);
  }

  /** Counts those apart that have become slow; true when that made room. */
  noticeSlow(): boolean {
    const limit = performance.now() - SLOW_AFTER_MS;
    const before = this.slow;
    for (const slot of this.taken) {
      if (slot.startedAt > limit) break;
      if (!slot.slow) this.slow++;
      slot.slow = true;
    }
    return this.slow > before;
  }
}
