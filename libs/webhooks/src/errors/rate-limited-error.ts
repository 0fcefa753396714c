import { WebhooksError } from './webhooks-error.js';

/** A tenant asked for more than an option of `limits` allows in a minute; nothing was done. */
export class RateLimitedError extends WebhooksError {
  readonly code = 'RATE_LIMITED';
  /** Whole seconds until it may be asked for again; at least 1. */
  readonly retryAfterSeconds: number;

  constructor(option: string, { tenant, limit, waitMs }: { tenant: string; limit: number; waitMs: number }) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    super(
      `The tenant "${tenant}" has used all ${limit} that limits.${option} allows: try again in ${seconds} s, or raise the option.`,
    );
    this.retryAfterSeconds = seconds;
  }
}
