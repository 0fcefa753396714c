import { WebhooksError } from './webhooks-error.js';

/** No event type of the catalog has this name, alias or class. */
export class UnknownEventTypeError extends WebhooksError {
  readonly code = 'UNKNOWN_EVENT_TYPE';

  constructor(
    /** The name that was looked up, or the name of the class. */
    readonly eventType: string,
    private readonly advice: string,
    /** The nearest known name, if one is near. */
    readonly suggestion?: string,
    /** Where it stands in the input, if it does: `event_types[1]`. */
    readonly path?: string,
  ) {
    super(`Unknown event type ${JSON.stringify(eventType)}: ${advice}`);
  }

  /** The same of a name that stands there. */
  at(path: string): UnknownEventTypeError {
    return new UnknownEventTypeError(this.eventType, this.advice, this.suggestion, path);
  }
}

/** What `find` gives for the name at `path` of an input. @throws UnknownEventTypeError that says where the name stands */
export function findAt<T>(path: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    throw error instanceof UnknownEventTypeError ? error.at(path) : error;
  }
}
