import { WebhooksError } from './webhooks-error.js';

/** The payload of an event was removed on request, or because it is older than payloads are kept. */
export class EventExpungedError extends WebhooksError {
  readonly code = 'EVENT_EXPUNGED';

  constructor(id: string) {
    super(`The payload of the event ${id} was removed: nothing can be sent of it any more.`);
  }
}
