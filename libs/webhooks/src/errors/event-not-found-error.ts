import { WebhooksError } from './webhooks-error.js';

/** There is no such event, or it belongs to another tenant. */
export class EventNotFoundError extends WebhooksError {
  readonly code = 'EVENT_NOT_FOUND';

  constructor(readonly eventId: string) {
    super(`There is no event "${eventId}": look it up in the list of events.`);
  }
}
