import { WebhooksError } from 'nestjs-webhooks';

/** Who may use the API was not said, or cannot be: thrown while the application boots, or by `issue`. */
export class AccessInvalidError extends WebhooksError {
  readonly code = 'ACCESS_INVALID';
}
