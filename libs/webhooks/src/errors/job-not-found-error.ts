import { WebhooksError } from './webhooks-error.js';

/** There is no such job, or it belongs to another tenant. */
export class JobNotFoundError extends WebhooksError {
  readonly code = 'JOB_NOT_FOUND';

  constructor(readonly jobId: string) {
    super(`There is no job ${JSON.stringify(jobId)}: list the jobs of its subscription.`);
  }
}
