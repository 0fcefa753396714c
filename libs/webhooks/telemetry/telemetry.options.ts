import type { MeterProvider, TracerProvider } from '@opentelemetry/api';

/** How the module is watched. */
export interface WebhooksTelemetryOptions {
  /**
   * Sends a W3C `traceparent` of the attempt to receivers, so that one who traces can go on from there. A subscription's own
   * header of that name stays as it is.
   *
   * @default false
   */
  readonly propagate?: boolean;
  /** @default the global one of the OpenTelemetry API */
  readonly meterProvider?: MeterProvider;
  /** @default the global one of the OpenTelemetry API */
  readonly tracerProvider?: TracerProvider;
}
