import { WebhooksError } from '../../src/errors/webhooks-error.js';

/** The table of the replay memory is not there. */
export class ReplayTableMissingError extends WebhooksError {
  readonly code = 'REPLAY_TABLE_MISSING';

  constructor(table: string, options: { cause: unknown }) {
    super(
      `The table of the replay memory (${table}) cannot be read. Add its migration to your data source, "migrations: ` +
        `[...yours, ...webhookReceiverMigrations()]" (with the same schema and tablePrefix as the TypeOrmReplayStore), ` +
        `and run it before the application starts.`,
      options,
    );
  }
}
