import { IsDefined, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { SEGMENTS_EXAMPLE } from './order-examples.js';
import { SegmentData } from './segment-data.js';

/** Caused by the clock, so nobody at an agency stands in it. Retired by its inventors; who still asks for it gets it. */
@WebhookEvent('OrderStarted', {
  description: 'The first flight of a ticketed order has left; `occurred_at` is its departure.',
  deprecated: { since: '2025' },
  subject: orderSubject,
})
export class OrderStarted extends OrderEvent {
  @WebhookField({
    description: 'The flight that left',
    example: SEGMENTS_EXAMPLE[0],
    type: () => SegmentData,
  })
  @IsDefined()
  @ValidateNested()
  first_segment!: SegmentData;

  static of(order: OrderSnapshot, extra: { first_segment: SegmentData }): OrderStarted {
    return Object.assign(new OrderStarted(), order, extra);
  }
}
