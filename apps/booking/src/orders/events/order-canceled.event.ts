/** An order was cancelled. Emitted as `order.canceled` once that is committed. */
export class OrderCanceledEvent {
  constructor(
    readonly orderId: string,
    readonly agentId: string | null,
    readonly sessionId: string | null,
    readonly at: Date,
  ) {}
}
