import { WebhooksError } from './webhooks-error.js';

/** The manager given to `publish` is in no transaction that the module knows; nothing was written. */
export class PublishOutsideTransactionError extends WebhooksError {
  readonly code = 'PUBLISH_OUTSIDE_TRANSACTION';

  constructor() {
    super(
      `The manager given to publish() or schedule() is in no transaction of the module's data source: give the one that ` +
        `webhooks.transaction() or dataSource.transaction() hands to its callback, or leave { manager } out ` +
        `to publish without one. A transaction begun with a raw BEGIN is not recognised.`,
    );
  }
}
