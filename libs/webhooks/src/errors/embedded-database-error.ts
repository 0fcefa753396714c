import { WebhooksError } from './webhooks-error.js';

/** The embedded database could not be opened. */
export class EmbeddedDatabaseError extends WebhooksError {
  readonly code = 'EMBEDDED_DATABASE_FAILED';

  constructor(file: string, options: { cause: unknown }) {
    super(
      `The embedded webhook database "${file}" could not be opened: ${String(options.cause)}. ` +
        `Run "npm install better-sqlite3@12" if the driver is missing, check that the folder is writable, ` +
        `or give "dataSource" to use your own database.`,
      options,
    );
  }
}
