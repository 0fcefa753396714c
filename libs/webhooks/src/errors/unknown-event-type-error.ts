import { WebhooksError } from './webhooks-error.js';

/** No event type of the catalog has this name, alias or class. */
export class UnknownEventTypeError extends WebhooksError {
  readonly code = 'UNKNOWN_EVENT_TYPE';

  constructor(
    /** The name that was looked up, or the name of the class. */
    readonly eventType: string,
    advice: string,
    /** The nearest known name, if one is near. */
    readonly suggestion?: string,
  ) {
    super(`Unknown event type ${JSON.stringify(eventType)}: ${advice}`);
  }
}
