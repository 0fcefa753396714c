import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent } from './order-event.js';

/** The first event of every order. */
@WebhookEvent('OrderCreated', {
  description: 'An order was made, on hold or paid at once.',
  aliases: ['order.created'],
  subject: (event: OrderCreated) => `order:${event.agw_id}`,
})
export class OrderCreated extends OrderEvent {
  // The examples of the order are those of a ticketed one.
  @WebhookField({ example: 'ticketing' })
  declare order_status: OrderEvent['order_status'];

  static of(order: OrderSnapshot): OrderCreated {
    return Object.assign(new OrderCreated(), order);
  }
}
