import { WebhooksError } from './webhooks-error.js';

/** The database gave a transaction up by itself, before its commit. */
export class TransactionEndedError extends WebhooksError {
  readonly code = 'TRANSACTION_ENDED';

  constructor() {
    super(
      'SQLite has ended this transaction by itself (a full disk, a trigger with RAISE(ROLLBACK)): nothing of it is stored.',
    );
  }
}
