import { WebhooksError } from './webhooks-error.js';

/** An idempotency key was used before, for another payload; nothing was written. */
export class IdempotencyConflictError extends WebhooksError {
  readonly code = 'IDEMPOTENCY_CONFLICT';

  constructor(
    readonly idempotencyKey: string,
    /** The event that was published first under the key. */
    readonly eventId: string,
  ) {
    super(
      `Idempotency key "${idempotencyKey}" belongs to event ${eventId}, whose payload is a different one: ` +
        `use a key per occurrence, or publish the same payload.`,
    );
  }
}
