import { WebhooksError } from './webhooks-error.js';

/** An event's payload is larger than may be published; nothing was written. */
export class EventTooLargeError extends WebhooksError {
  readonly code = 'EVENT_TOO_LARGE';

  constructor(
    readonly eventType: string,
    readonly bytes: number,
    limit: number,
  ) {
    super(
      `${eventType} has ${bytes} bytes of JSON, and ${limit} is the limit: publish a reference instead of the content.`,
    );
  }
}
