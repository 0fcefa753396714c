import { WebhooksError } from './webhooks-error.js';

/** A signing secret that nobody can sign with. The message never repeats the secret. */
export class SecretInvalidError extends WebhooksError {
  readonly code = 'SECRET_INVALID';
}
