import { WebhooksError } from './webhooks-error.js';

/** A delivery was canceled before its first attempt: the subscription's filter does not let the event pass. */
export class FilterRejectedError extends WebhooksError {
  readonly code = 'FILTER_REJECTED';

  constructor() {
    super(
      'The filter does not let this event pass: it was changed after the delivery was made, or could not be read then.',
    );
  }
}
