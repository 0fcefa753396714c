import { WebhooksError } from './webhooks-error.js';

/** A stored secret cannot be read with the keys at hand. The message never holds any of it. */
export class SecretUndecryptableError extends WebhooksError {
  readonly code = 'SECRET_UNDECRYPTABLE';

  /**
   * @param what which secret: `header of subscriptions sub_…`
   * @param problem why, and what to do
   */
  constructor(what: string, problem: string) {
    super(`The ${what} cannot be decrypted: ${problem}`);
  }
}
