import { WebhooksError } from 'nestjs-webhooks';

/** Somebody showed a token that does not let him in. The message never holds any of it. */
export class TokenRefusedError extends WebhooksError {
  readonly code = 'TOKEN_REFUSED';

  constructor(reason: string) {
    super(`The token does not let you in. ${reason}`);
  }
}
