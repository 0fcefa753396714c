/** All passengers of an order have their tickets. Emitted as `order.ticketed` once that is committed. */
export class OrderTicketedEvent {
  constructor(
    readonly orderId: string,
    readonly agentId: string | null,
    readonly sessionId: string | null,
    readonly at: Date,
  ) {}
}
