import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import type { Attempt, DeliveryState, Settlement } from '../src/dispatch/delivery.js';
import type { AttemptReport } from '../src/dispatch/health-monitor.js';
import type { StoredEvent } from '../src/internal/event.js';

/** Seconds; the first are those of the semantic conventions for HTTP clients, the last what an attempt may take here. */
const DURATION = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 30];
/** Seconds: from what goes from memory to what had to wait for somebody. */
const DELAY = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 1_800, 3_600];
const CLOSED: ReadonlySet<DeliveryState> = new Set(['succeeded', 'exhausted', 'failed', 'canceled']);

/** What is counted and measured of the way of an event. Test sends are not: they say nothing of the traffic. */
export class WebhooksMetrics {
  private readonly events: Counter;
  private readonly attempts: Counter;
  private readonly deliveries: Counter;
  private readonly duration: Histogram;
  private readonly delay: Histogram;

  constructor(meter: Meter) {
    this.events = meter.createCounter('webhooks.events.published', {
      description: 'Events that were committed by this process.',
      unit: '{event}',
    });
    this.attempts = meter.createCounter('webhooks.attempts', {
      description: 'Attempts, by what came of them.',
      unit: '{attempt}',
    });
    this.deliveries = meter.createCounter('webhooks.deliveries', {
      description: 'Deliveries that came to their end with an attempt, by their state.',
      unit: '{delivery}',
    });
    this.duration = meter.createHistogram('webhooks.attempt.duration', {
      description: 'Duration of attempts.',
      unit: 's',
      advice: { explicitBucketBoundaries: DURATION },
    });
    this.delay = meter.createHistogram('webhooks.delivery.delay', {
      description: 'Time from the publishing of an event to the first attempt at its delivery.',
      unit: 's',
      advice: { explicitBucketBoundaries: DELAY },
    });
  }

  published(events: readonly StoredEvent[]): void {
    for (const { type } of events) this.events.add(1, { 'webhooks.event.type': type });
  }

  attempted({ attempt, settlement }: AttemptReport): void {
    const { event } = settlement.delivery;
    if (event.isTest) return;
    const outcome = { 'webhooks.outcome': outcomeOf(attempt) };
    this.attempts.add(1, outcome);
    this.duration.record(attempt.durationMs / 1_000, outcome);
    // Of two clocks: the event's is the database's.
    const delayMs = attempt.startedAt - event.createdAt;
    if (attempt.number === 1) this.delay.record(Math.max(0, delayMs) / 1_000);
  }

  settled(settlements: readonly Settlement[]): void {
    for (const { state, delivery } of settlements) {
      if (!CLOSED.has(state) || delivery.event.isTest) continue;
      this.deliveries.add(1, {
        'webhooks.delivery.state': state,
        'webhooks.event.type': delivery.event.type,
      });
    }
  }
}

/** `success`, the class of a status (`4xx`), or an error code: a few dozen values, whoever answers. */
function outcomeOf({ error, status }: Attempt): string {
  if (error === null) return 'success';
  return status === null ? error : `${Math.floor(status / 100)}xx`;
}
