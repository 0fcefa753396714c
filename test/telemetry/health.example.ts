import { Controller, Get, Module } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule, type HealthCheckResult } from '@nestjs/terminus';
import { WebhooksHealthIndicator } from 'nestjs-webhooks/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly webhooks: WebhooksHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check(): Promise<HealthCheckResult> {
    const bounds = { maxOldestPendingMs: 60_000, maxBacklog: 3 };
    return this.health.check([() => this.webhooks.isHealthy('webhooks', bounds)]);
  }
}

@Module({
  imports: [TerminusModule],
  controllers: [HealthController],
  providers: [WebhooksHealthIndicator],
})
export class HealthModule {}
