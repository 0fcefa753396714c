import { WebhooksError } from './webhooks-error.js';

/** One thing that is wrong with the input for a subscription. */
export interface SubscriptionIssue {
  /** Where, from the input's root: `event_types[1]`, `http_request.header.Authorization`. */
  readonly path: string;
  /** What is wrong there and the way out. Never holds a header's or a secret's value. */
  readonly message: string;
}

/** A subscription cannot be saved like this; nothing was written. */
export class SubscriptionInvalidError extends WebhooksError {
  readonly code = 'SUBSCRIPTION_INVALID';
  /** The place of the first issue. */
  readonly path: string;

  constructor(
    /** Everything that is wrong; never empty. */
    readonly issues: readonly [SubscriptionIssue, ...SubscriptionIssue[]],
    options?: { cause?: unknown },
  ) {
    const [first] = issues;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    super(`${first.path}: ${first.message}${more}`, options);
    this.path = first.path;
  }
}
