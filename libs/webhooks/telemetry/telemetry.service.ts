import { Inject, Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { metrics, trace } from '@opentelemetry/api';
import type { Delivery, Settlement } from '../src/dispatch/delivery.js';
import { Dispatcher } from '../src/dispatch/dispatcher.service.js';
import type { AttemptReport } from '../src/dispatch/health-monitor.js';
import { Observation, type MakeAttempt, type Observer } from '../src/dispatch/observer.js';
import { Clock } from '../src/internal/clock.js';
import type { StoredEvent } from '../src/internal/event.js';
import { BacklogStore } from '../src/storage/backlog.store.js';
import { AttemptTracer } from './attempt.tracer.js';
import { BacklogGauges } from './backlog.gauges.js';
import type { WebhooksTelemetryOptions } from './telemetry.options.js';
import { WebhooksMetrics } from './webhooks.metrics.js';

/** Token of the options. */
export const TELEMETRY_OPTIONS = Symbol('WEBHOOKS_TELEMETRY_OPTIONS');

/** The name under which everything appears: the package's. */
const SCOPE = 'nestjs-webhooks';

/** Turns what the engine lets it see into metrics and spans, until the application is shut down. */
@Injectable()
export class Telemetry implements Observer, OnModuleDestroy, OnApplicationShutdown {
  private readonly metrics: WebhooksMetrics;
  private readonly tracer: AttemptTracer;
  private readonly gauges: BacklogGauges;

  constructor(
    @Inject(TELEMETRY_OPTIONS) options: WebhooksTelemetryOptions,
    private readonly observation: Observation,
    dispatcher: Dispatcher,
    backlog: BacklogStore,
    clock: Clock,
  ) {
    const meter = (options.meterProvider ?? metrics.getMeterProvider()).getMeter(SCOPE);
    const tracer = (options.tracerProvider ?? trace.getTracerProvider()).getTracer(SCOPE);
    this.metrics = new WebhooksMetrics(meter);
    this.tracer = new AttemptTracer(tracer, options.propagate ?? false);
    this.gauges = new BacklogGauges(meter, { dispatcher, backlog, clock });
    this.gauges.start();
    observation.observer = this;
  }

  traceOf(): string | null {
    return this.tracer.active();
  }

  published(events: readonly StoredEvent[]): void {
    this.metrics.published(events);
  }

  async attempt(delivery: Delivery, make: MakeAttempt): Promise<AttemptReport> {
    const report = await this.tracer.around(delivery, make);
    this.metrics.attempted(report);
    return report;
  }

  settled(settlements: readonly Settlement[]): void {
    this.metrics.settled(settlements);
  }

  // Attempts go on until the end; a database that may be gone by then is asked no more.
  onModuleDestroy(): void {
    this.gauges.stop();
  }

  onApplicationShutdown(): void {
    this.observation.observer = undefined;
  }
}
