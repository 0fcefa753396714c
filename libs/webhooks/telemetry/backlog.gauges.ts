import type { BatchObservableResult, Meter, ObservableGauge } from '@opentelemetry/api';
import type { Dispatcher } from '../src/dispatch/dispatcher.service.js';
import type { Clock } from '../src/internal/clock.js';
import type { Backlog, BacklogStore } from '../src/storage/backlog.store.js';

/** What the gauges read. */
export interface GaugeSources {
  readonly dispatcher: Pick<Dispatcher, 'load'>;
  readonly backlog: Pick<BacklogStore, 'read'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** However many collect, the database is asked once in so many milliseconds. */
const FRESH_MS = 5_000;
const STATE = 'webhooks.delivery.state';

/** What there is to do: read when somebody collects, and only then. */
export class BacklogGauges {
  private readonly active: ObservableGauge;
  private readonly deliveries: ObservableGauge;
  private readonly events: ObservableGauge;
  private readonly overdue: ObservableGauge;
  private readonly circuits: ObservableGauge;
  private readAt = -Infinity;
  private reading: Promise<Backlog> | undefined;
  private readonly callback = (result: BatchObservableResult): Promise<void> => this.observe(result);

  constructor(
    private readonly meter: Meter,
    private readonly sources: GaugeSources,
  ) {
    const gauge = (name: string, unit: string, description: string): ObservableGauge =>
      meter.createObservableGauge(name, { unit, description });
    this.active = gauge('webhooks.attempts.active', '{attempt}', 'Attempts under way in this process.');
    this.deliveries = gauge('webhooks.backlog.deliveries', '{delivery}', 'Open deliveries of all processes.');
    this.events = gauge('webhooks.backlog.events', '{event}', 'Events that have no deliveries yet.');
    this.overdue = gauge(
      'webhooks.backlog.overdue',
      's',
      'How long the oldest of what is due has been waiting.',
    );
    this.circuits = gauge(
      'webhooks.circuits.open',
      '{subscription}',
      'Subscriptions that are left alone for a while.',
    );
  }

  start(): void {
    this.meter.addBatchObservableCallback(this.callback, this.all);
  }

  stop(): void {
    this.meter.removeBatchObservableCallback(this.callback, this.all);
  }

  private get all(): ObservableGauge[] {
    return [this.active, this.deliveries, this.events, this.overdue, this.circuits];
  }

  private async observe(result: BatchObservableResult): Promise<void> {
    result.observe(this.active, this.sources.dispatcher.load.underWay);
    const backlog = await this.read();
    result.observe(this.deliveries, backlog.pending, { [STATE]: 'pending' });
    result.observe(this.deliveries, backlog.held, { [STATE]: 'held' });
    result.observe(this.deliveries, backlog.waiting, { [STATE]: 'waiting' });
    result.observe(this.events, backlog.events);
    result.observe(this.overdue, backlog.overdueMs / 1_000);
    result.observe(this.circuits, backlog.openCircuits);
  }

  private async read(): Promise<Backlog> {
    const now = this.sources.clock.monotonic();
    if (!this.reading || now - this.readAt >= FRESH_MS) {
      this.readAt = now;
      this.reading = this.sources.backlog.read();
    }
    return this.reading;
  }
}
