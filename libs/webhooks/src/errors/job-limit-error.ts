import { WebhooksError } from './webhooks-error.js';

/** A tenant has as many jobs under way as the option `limits.jobsPerTenant` allows; nothing was begun. */
export class JobLimitError extends WebhooksError {
  readonly code = 'JOB_LIMIT';

  constructor(tenant: string, limit: number) {
    super(
      `The tenant "${tenant}" has ${limit} jobs under way, which is the most that limits.jobsPerTenant allows: ` +
        'wait until one is done, cancel one, or raise the option.',
    );
  }
}
