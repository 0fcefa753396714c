import { WebhooksError } from 'nestjs-webhooks';

/** Nobody knows who makes the request. */
export class UnauthenticatedError extends WebhooksError {
  readonly code = 'UNAUTHENTICATED';

  constructor() {
    super('Say who you are: the document at openapi.json names the way under "securitySchemes".');
  }
}
