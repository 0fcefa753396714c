import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { errorFields } from '../internal/error-fields.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Has every saved subscription checked at the start, each broken one is logged. The application does not wait for it. */
@Injectable()
export class TemplateCheck implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('WebhooksSubscriptions');
  private isStopping = false;
  private check: Promise<unknown> | undefined;

  constructor(private readonly subscriptions: SubscriptionsService) {}

  onApplicationBootstrap(): void {
    this.check = this.subscriptions
      .brokenTemplates(() => !this.isStopping)
      .catch((error: unknown) => {
        this.logger.warn('The saved subscriptions were not checked against the catalog', errorFields(error));
      });
  }

  /** Ends the check. */
  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    await this.check;
  }
}
