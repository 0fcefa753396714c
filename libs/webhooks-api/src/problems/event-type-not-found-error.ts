import { WebhooksError } from 'nestjs-webhooks';

/** The catalog has no event type of that name or alias. */
export class EventTypeNotFoundError extends WebhooksError {
  readonly code = 'EVENT_TYPE_NOT_FOUND';

  constructor(name: string) {
    super(`There is no event type ${JSON.stringify(name)}: the list of all is one path up.`);
  }
}
