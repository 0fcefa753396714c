import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { Controller, Get, Module, Req, Res } from '@nestjs/common';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { WebhooksTelemetryModule } from 'nestjs-webhooks/telemetry';

/** What Prometheus scrapes. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly exporter: PrometheusExporter) {}

  @Get()
  scrape(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    this.exporter.getMetricsRequestHandler(request, response);
  }
}

@Module({})
export class MetricsModule {
  static forRoot(): DynamicModule {
    const exporter = new PrometheusExporter({ preventServerStart: true });
    const meterProvider = new MeterProvider({ readers: [exporter] });
    return {
      module: MetricsModule,
      imports: [WebhooksTelemetryModule.forRoot({ meterProvider })],
      controllers: [MetricsController],
      providers: [{ provide: PrometheusExporter, useValue: exporter }],
    };
  }
}
