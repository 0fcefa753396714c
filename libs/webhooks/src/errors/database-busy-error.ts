import { WebhooksError } from './webhooks-error.js';

/** Somebody held a transaction open on the only connection for too long. */
export class DatabaseBusyError extends WebhooksError {
  readonly code = 'DATABASE_BUSY';

  constructor(waitedMs: number) {
    super(
      `SQLite's one connection was inside a transaction for more than ${waitedMs} ms, so nothing was written. ` +
        `Keep transactions short, and write inside your own with webhooks.transaction() or { manager }.`,
    );
  }
}
