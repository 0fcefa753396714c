import { WebhooksError } from 'nestjs-webhooks';

/** Who may use the API was not said, or cannot be: thrown while the application boots, by `issue`, or for a caller without tenant. */
export class AccessInvalidError extends WebhooksError {
  readonly code = 'ACCESS_INVALID';
}
