import { WebhooksError } from './webhooks-error.js';

/** What is stored of a subscription is damaged: something else than this package has written it. */
export class SubscriptionUnreadableError extends WebhooksError {
  readonly code = 'SUBSCRIPTION_UNREADABLE';

  // No cause: the parser's own message quotes the text, which may hold a secret.
  constructor(id: string, column: string) {
    super(
      `"${column}" of the subscription ${id} cannot be read: restore the row, or delete and create it anew.`,
    );
  }
}
