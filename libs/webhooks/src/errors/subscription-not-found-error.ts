import { WebhooksError } from './webhooks-error.js';

/** There is no such subscription, or it belongs to another tenant: which of the two is not told. */
export class SubscriptionNotFoundError extends WebhooksError {
  readonly code = 'SUBSCRIPTION_NOT_FOUND';

  /** @param which what was looked for: `id "sub_…"`, `uid "erp"` */
  constructor(which: string) {
    super(`There is no subscription with the ${which}.`);
  }
}
