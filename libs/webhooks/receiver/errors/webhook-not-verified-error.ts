import { WebhooksError } from '../../src/errors/webhooks-error.js';

/** A handler asks for a webhook that nobody verified. */
export class WebhookNotVerifiedError extends WebhooksError {
  readonly code = 'WEBHOOK_NOT_VERIFIED';

  constructor(route: string) {
    super(`${route} uses @WebhookMessage() but not @VerifiedWebhook(): put both on the handler.`);
  }
}
