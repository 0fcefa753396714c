import { WebhooksError } from './webhooks-error.js';

/** A job contradicts what is there: its subscription is disabled or has one under way, or it is over. */
export class JobConflictError extends WebhooksError {
  readonly code = 'JOB_CONFLICT';
}
