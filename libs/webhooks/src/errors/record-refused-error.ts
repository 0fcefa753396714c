import { WebhooksError } from './webhooks-error.js';

/** The database refused an outcome for what it holds; it would refuse it again. */
export class RecordRefusedError extends WebhooksError {
  readonly code = 'RECORD_REFUSED';

  constructor(options: { cause: unknown }) {
    super(
      `The database refuses what is to be recorded of a delivery (${String(options.cause)}): look for a constraint or a trigger on the module's tables.`,
      options,
    );
  }
}
