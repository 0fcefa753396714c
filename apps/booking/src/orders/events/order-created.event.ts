/** An order was made. Emitted as `order.created` once that is committed. */
export class OrderCreatedEvent {
  constructor(
    readonly orderId: string,
    readonly agentId: string | null,
    readonly sessionId: string | null,
    readonly at: Date,
  ) {}
}
