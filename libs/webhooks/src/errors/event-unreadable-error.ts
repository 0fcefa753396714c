import { WebhooksError } from './webhooks-error.js';

/** What is stored of an event is damaged: something else than this package has written it. */
export class EventUnreadableError extends WebhooksError {
  readonly code = 'EVENT_UNREADABLE';

  // No cause: the parser's own message quotes the text.
  constructor(id: string) {
    super(`"data" of the event ${id} is no JSON object: restore the row, then resend its deliveries.`);
  }
}
