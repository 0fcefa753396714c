/**
 * A webhook whose signature was verified.
 *
 * @example
 * receive(@WebhookMessage() webhook: ReceivedWebhook<OrderTicketed>) { return this.orders.apply(webhook.body); }
 */
export class ReceivedWebhook<Body = unknown> {
  constructor(
    /** `webhook-id`: the same for all attempts of one event. */
    readonly id: string,
    /** `webhook-timestamp`: when this attempt was made, to the second. */
    readonly timestamp: Date,
    /** `webhook-attempt`, 1 for the first; null when the sender does not say. Not covered by the signature: for logs only. */
    readonly attempt: number | null,
    /** Read from the very bytes that were verified: JSON parsed, every other content type as text. */
    readonly body: Body,
  ) {}
}
