import { WebhooksError } from './webhooks-error.js';

/** A key of the option `secrets` is no key. The message never holds it. */
export class SecretKeyInvalidError extends WebhooksError {
  readonly code = 'SECRET_KEY_INVALID';

  constructor(
    /** Which one: `secrets.current`, `secrets.previous[0]`. */
    readonly path: string,
    problem: string,
  ) {
    super(
      `${path} ${problem}; it must be 32 random bytes in base64, as \`openssl rand -base64 32\` prints them.`,
    );
  }
}
