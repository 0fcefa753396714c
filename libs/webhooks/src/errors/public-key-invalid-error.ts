import { WebhooksError } from './webhooks-error.js';

/** A public key that nothing can be verified with. The message never repeats the text: it may be a secret in the wrong place. */
export class PublicKeyInvalidError extends WebhooksError {
  readonly code = 'PUBLIC_KEY_INVALID';
}
