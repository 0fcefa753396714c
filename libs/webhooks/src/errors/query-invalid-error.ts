import { WebhooksError } from './webhooks-error.js';

/** One thing that is wrong with a query. */
export interface QueryIssue {
  /** The field: `limit`, `states[1]`. */
  readonly path: string;
  /** What is wrong there and the way out. */
  readonly message: string;
}

/** Nothing can be looked up like this. */
export class QueryInvalidError extends WebhooksError {
  readonly code = 'QUERY_INVALID';
  /** The place of the first issue. */
  readonly path: string;

  constructor(
    /** Everything that is wrong; never empty. */
    readonly issues: readonly [QueryIssue, ...QueryIssue[]],
  ) {
    const [first] = issues;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    super(`${first.path}: ${first.message}${more}`);
    this.path = first.path;
  }
}
