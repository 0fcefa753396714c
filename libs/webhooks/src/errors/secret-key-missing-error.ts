import { WebhooksError } from './webhooks-error.js';

/** Secrets would be stored in the host's database, and there is no key to encrypt them with. */
export class SecretKeyMissingError extends WebhooksError {
  readonly code = 'SECRET_KEY_MISSING';

  constructor() {
    super(
      'Webhooks keeps signing secrets and header values in your database and has no key to encrypt them: ' +
        'set `secrets: { current: process.env.WEBHOOKS_KEY }` to 32 random bytes in base64 (`openssl rand -base64 32`), ' +
        "or accept the risk with `secrets: 'plaintext'`.",
    );
  }
}
