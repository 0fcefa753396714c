import type { Clock } from '../internal/clock.js';

const MINUTE_MS = 60_000;

/** Counts calls by tenant, in this process. Every minute it begins anew, so that it keeps no tenant for longer. */
export class MinuteQuota {
  private readonly counts = new Map<string, number>();
  private endsAt = -Infinity;

  constructor(
    private readonly limit: number,
    private readonly clock: Pick<Clock, 'monotonic'>,
  ) {}

  /** Counts a call; milliseconds until there is room for it when there is none, otherwise 0. */
  take(tenant: string): number {
    const now = this.clock.monotonic();
    if (now >= this.endsAt) {
      this.counts.clear();
      this.endsAt = now + MINUTE_MS;
    }
    const count = this.counts.get(tenant) ?? 0;
    if (count + 1 > this.limit) return this.endsAt - now;
    this.counts.set(tenant, count + 1);
    return 0;
  }
}
