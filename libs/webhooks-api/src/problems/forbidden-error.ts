import { WebhooksError } from 'nestjs-webhooks';

/** The caller is known, and may not do this. */
export class ForbiddenError extends WebhooksError {
  readonly code = 'FORBIDDEN';
}
