import { WebhooksError } from './webhooks-error.js';

/** SQLite's one connection was in a transaction that `publish` was not told of; nothing was written. */
export class PublishInsideForeignTransactionError extends WebhooksError {
  readonly code = 'PUBLISH_INSIDE_FOREIGN_TRANSACTION';

  constructor(options: { cause: unknown }) {
    super(
      `publish() or schedule() without a manager waited for an open transaction on SQLite's one connection to end, and it did not. ` +
        `If it is your own, do it inside: run it through webhooks.transaction(), or give its { manager }.`,
      options,
    );
  }
}
