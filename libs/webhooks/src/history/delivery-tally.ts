import type { DeliveryState } from '../dispatch/delivery.js';
import type { RecordedOutcome } from '../transport/subscriber-outcome.js';
import type { DeliveryCounts } from './delivery-stats.js';

/** Counts deliveries and attempts. */
export class DeliveryTally {
  private readonly states = { succeeded: 0, exhausted: 0, failed: 0, canceled: 0, open: 0 };
  private readonly durations = new Map<number, number>();
  private attempts = 0;
  /** Those whose duration is told. */
  private timed = 0;
  private failedAttempts = 0;

  delivery(state: DeliveryState): void {
    this.states[isOver(state) ? state : 'open']++;
  }

  attempt({ durationMs, error }: RecordedOutcome): void {
    this.attempts++;
    if (error !== null) this.failedAttempts++;
    if (durationMs === null) return;
    const duration = toTwoDigits(durationMs);
    this.durations.set(duration, (this.durations.get(duration) ?? 0) + 1);
    this.timed++;
  }

  get counts(): DeliveryCounts {
    const { succeeded, exhausted, failed } = this.states;
    const over = succeeded + exhausted + failed;
    return {
      ...this.states,
      attempts: this.attempts,
      failed_attempts: this.failedAttempts,
      success_rate: over === 0 ? null : succeeded / over,
      latency_ms: this.timed === 0 ? null : this.latency(),
    };
  }

  private latency(): NonNullable<DeliveryCounts['latency_ms']> {
    const sorted = [...this.durations].sort(([left], [right]) => left - right);
    const at = (share: number): number => {
      let left = Math.ceil(this.timed * share);
      return sorted.find(([, count]) => (left -= count) <= 0)![0];
    };
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}

type Over = 'succeeded' | 'exhausted' | 'failed' | 'canceled';

function isOver(state: DeliveryState): state is Over {
  return state !== 'pending' && state !== 'held' && state !== 'waiting';
}

// So that there are few of them, however many attempts there were.
function toTwoDigits(ms: number): number {
  return ms < 100 ? ms : Number(ms.toPrecision(2));
}
