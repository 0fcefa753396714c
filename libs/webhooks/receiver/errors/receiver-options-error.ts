import { WebhooksError } from '../../src/errors/webhooks-error.js';

/** The receiver was configured with something that cannot work. */
export class ReceiverOptionsError extends WebhooksError {
  readonly code = 'RECEIVER_OPTIONS_INVALID';

  constructor(
    readonly option: string,
    problem: string,
  ) {
    super(`WebhookReceiverModule: ${option} ${problem}.`);
  }
}
