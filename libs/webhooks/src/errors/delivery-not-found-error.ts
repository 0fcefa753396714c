import { WebhooksError } from './webhooks-error.js';

/** There is no such delivery, or it belongs to another tenant. */
export class DeliveryNotFoundError extends WebhooksError {
  readonly code = 'DELIVERY_NOT_FOUND';

  constructor(readonly deliveryId: string) {
    super(
      `There is no delivery "${deliveryId}": look it up among the deliveries of its event or its subscription.`,
    );
  }
}
