import { WebhooksError } from './webhooks-error.js';

/** What is asked for cannot be done to a delivery as it stands. */
export class DeliveryConflictError extends WebhooksError {
  readonly code = 'DELIVERY_CONFLICT';

  constructor(
    readonly deliveryId: string,
    problem: string,
  ) {
    super(`The delivery "${deliveryId}" ${problem}`);
  }
}
