import { WebhooksError } from './webhooks-error.js';

/** The data source's database is none that the module can work on. */
export class UnsupportedDatabaseError extends WebhooksError {
  readonly code = 'DATABASE_UNSUPPORTED';

  constructor(readonly type: string) {
    super(
      `Webhooks cannot be stored in a "${type}" data source yet: use "postgres" or "better-sqlite3", ` +
        `or leave "dataSource" out for an embedded SQLite file.`,
    );
  }
}
