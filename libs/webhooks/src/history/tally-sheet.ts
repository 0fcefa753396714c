import type { DeliveryCounts, StatsBucket } from './delivery-stats.js';
import { DeliveryTally } from './delivery-tally.js';
import { isoTime } from './iso-time.js';

/** Counts in steps of time, and all together. */
export class TallySheet {
  private readonly total = new DeliveryTally();
  private readonly buckets = new Map<number, DeliveryTally>();

  constructor(private readonly bucketMs: number) {}

  /** Counts something of an instant. */
  at(ms: number, count: (tally: DeliveryTally) => void): void {
    const start = ms - (ms % this.bucketMs);
    const bucket = this.buckets.get(start) ?? new DeliveryTally();
    this.buckets.set(start, bucket);
    count(bucket);
    count(this.total);
  }

  get shown(): { readonly total: DeliveryCounts; readonly buckets: readonly StatsBucket[] } {
    const steps = [...this.buckets].sort(([left], [right]) => left - right);
    return {
      total: this.total.counts,
      buckets: steps.map(([start, tally]) => ({ at: isoTime(start), ...tally.counts })),
    };
  }
}
