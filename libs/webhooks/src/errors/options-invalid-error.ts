import { WebhooksError } from './webhooks-error.js';

/** The module was configured with a value that cannot work. */
export class OptionsInvalidError extends WebhooksError {
  readonly code = 'OPTIONS_INVALID';

  constructor(
    readonly option: string,
    problem: string,
  ) {
    super(`WebhooksModule option "${option}" ${problem}.`);
  }
}
