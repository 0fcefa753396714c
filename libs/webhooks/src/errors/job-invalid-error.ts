import { WebhooksError } from './webhooks-error.js';

/** What was given for a job cannot be; nothing was begun. */
export class JobInvalidError extends WebhooksError {
  readonly code = 'JOB_INVALID';

  constructor(
    /** Where, from the input's root: `since`, `event_types[1]`. */
    readonly path: string,
    problem: string,
    options?: { cause?: unknown },
  ) {
    super(`${path}: ${problem}`, options);
  }
}
