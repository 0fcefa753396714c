import { WebhooksError } from './webhooks-error.js';

/** The wish contradicts what is stored: a taken `uid`, a change made meanwhile, or a state that does not allow it. */
export class SubscriptionConflictError extends WebhooksError {
  readonly code = 'SUBSCRIPTION_CONFLICT';
}
