import { WebhooksError } from './webhooks-error.js';

/** One thing that is wrong with an event. */
export interface EventIssue {
  /** Where, from the event's root: `passengers[0].name`; empty for the event itself. */
  readonly path: string;
  /** What is wrong there, in the validator's words. */
  readonly message: string;
}

/** An event does not satisfy the validators of its class; nothing was published. */
export class EventInvalidError extends WebhooksError {
  readonly code = 'EVENT_INVALID';

  constructor(
    /** Name of the event type, as in the catalog. */
    readonly eventType: string,
    /** Everything that is wrong, in the order of the class's fields; never empty. */
    readonly issues: readonly EventIssue[],
  ) {
    const [first] = issues;
    const where = first?.path ? ` at ${first.path}` : '';
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    super(`${eventType} is not valid${where}: ${first?.message ?? 'unknown reason'}${more}`);
  }
}
