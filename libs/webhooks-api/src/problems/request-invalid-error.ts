import { WebhooksError } from 'nestjs-webhooks';

/** One thing that is wrong with a request. */
export interface RequestIssue {
  /** The parameter, or the member of the body: `limit`, `event_types[1]`. */
  readonly path: string;
  /** What is wrong there and the way out. */
  readonly message: string;
}

/** A query or a body is not what the operation takes; nothing was done. */
export class RequestInvalidError extends WebhooksError {
  readonly code = 'REQUEST_INVALID';
  /** The place of the first issue. */
  readonly path: string;

  constructor(
    /** Everything that is wrong; never empty. */
    readonly issues: readonly [RequestIssue, ...RequestIssue[]],
  ) {
    const [first] = issues;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    super(`${first.path}: ${first.message}${more}`);
    this.path = first.path;
  }
}
