import { Module, type DynamicModule } from '@nestjs/common';
import type { WebhooksTelemetryOptions } from './telemetry.options.js';
import { Telemetry, TELEMETRY_OPTIONS } from './telemetry.service.js';

/**
 * Metrics and traces of the webhooks through the OpenTelemetry API: whatever SDK the application has registered gets them.
 *
 * @example
 * @Module({ imports: [WebhooksModule.forRoot(), WebhooksTelemetryModule.forRoot()] })
 */
@Module({})
export class WebhooksTelemetryModule {
  static forRoot(options: WebhooksTelemetryOptions = {}): DynamicModule {
    return {
      module: WebhooksTelemetryModule,
      providers: [{ provide: TELEMETRY_OPTIONS, useValue: options }, Telemetry],
    };
  }
}
