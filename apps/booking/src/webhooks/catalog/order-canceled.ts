import { IsIn, IsNumber, IsString, Min } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent } from './order-event.js';

const CANCELLERS = ['agent', 'airline', 'system'] as const;

/** How and why an order ended. */
export type Cancellation = Pick<OrderCanceled, 'cancel_reason' | 'cancelled_by' | 'refund_amount'>;

/** The last event of an order. Its name and the status `cancelled` have always been spelled differently. */
@WebhookEvent('OrderCanceled', {
  description: 'An order was cancelled; nothing follows.',
  aliases: ['order.canceled'],
  subject: (event: OrderCanceled) => `order:${event.agw_id}`,
})
export class OrderCanceled extends OrderEvent {
  // The examples of the order are those of a ticketed one.
  @WebhookField({ example: 'cancelled' })
  declare order_status: OrderEvent['order_status'];

  @WebhookField({ description: 'Why, in words', example: 'requested' })
  @IsString()
  cancel_reason!: string;

  @WebhookField({ description: 'Who did it', example: 'agent' })
  @IsIn(CANCELLERS)
  cancelled_by!: (typeof CANCELLERS)[number];

  @WebhookField({ description: 'What is paid back, if it is known yet', example: 412.35, nullable: true })
  @IsNumber()
  @Min(0)
  refund_amount!: number | null;

  static of(order: OrderSnapshot, cancellation: Cancellation): OrderCanceled {
    return Object.assign(new OrderCanceled(), order, cancellation);
  }
}
