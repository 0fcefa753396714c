import { WebhooksError } from './webhooks-error.js';

/** The module's tables are not there, or older than this release needs. */
export class TablesMissingError extends WebhooksError {
  readonly code = 'TABLES_MISSING';

  constructor(tablePrefix: string, found: string, options?: { cause?: unknown }) {
    super(
      `The webhook tables ("${tablePrefix}…") ${found}. Add the module's migrations to your data source, ` +
        `"migrations: [...yours, ...webhooksMigrations()]" (with the same schema and tablePrefix as the module), ` +
        `and run them before the application starts.`,
      options,
    );
  }
}
