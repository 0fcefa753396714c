import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderPart } from '../../orders/order-parts.js';
import { ORDER_PARTS } from '../../orders/order-parts.js';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';

/** The umbrella event: goes out beside the specific ones of the same commit, once, whatever that commit changed. */
@WebhookEvent('OrderChanged', {
  description: 'An agent or a customer changed an order; more specific events of the same change go before.',
  subject: orderSubject,
})
export class OrderChanged extends OrderEvent {
  @WebhookField({ description: 'What was changed', example: ['services', 'seats'] })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(ORDER_PARTS, { each: true })
  changes!: OrderPart[];

  static of(order: OrderSnapshot, extra: { changes: OrderPart[] }): OrderChanged {
    return Object.assign(new OrderChanged(), order, extra);
  }
}
