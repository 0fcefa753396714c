import { IsDefined, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { SEGMENTS_EXAMPLE } from './order-examples.js';
import { SegmentData } from './segment-data.js';

/** A milestone and no status: the order stays ticketed. Follows {@link OrderStarted} and is as retired. */
@WebhookEvent('OrderCompleted', {
  description: 'The last flight of a ticketed order is over; `occurred_at` is its arrival.',
  deprecated: { since: '2025' },
  subject: orderSubject,
})
export class OrderCompleted extends OrderEvent {
  @WebhookField({
    description: 'The flight that was the last',
    example: SEGMENTS_EXAMPLE[1],
    type: () => SegmentData,
  })
  @IsDefined()
  @ValidateNested()
  last_segment!: SegmentData;

  static of(order: OrderSnapshot, extra: { last_segment: SegmentData }): OrderCompleted {
    return Object.assign(new OrderCompleted(), order, extra);
  }
}
