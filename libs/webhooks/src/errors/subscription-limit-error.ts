import { WebhooksError } from './webhooks-error.js';

/** A tenant has as many subscriptions as the option `limits.subscriptionsPerTenant` allows; nothing was written. */
export class SubscriptionLimitError extends WebhooksError {
  readonly code = 'SUBSCRIPTION_LIMIT';

  constructor(tenant: string, limit: number) {
    super(
      `The tenant "${tenant}" has ${limit} subscriptions, which is the most that limits.subscriptionsPerTenant allows: ` +
        'delete one that is no longer used, or raise the option.',
    );
  }
}
