import { ArrayNotEmpty, IsArray, IsNumber, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { BOUGHT_SEGMENTS_EXAMPLE } from './order-examples.js';
import { SegmentData } from './segment-data.js';

/** The traveller's own wish; what an airline does to its flights is `ScheduleChanged`. */
@WebhookEvent('DatesChanged', {
  description: 'Flights of an order were changed because the traveller wanted it.',
  aliases: ['ItineraryChange'],
  subject: orderSubject,
})
export class DatesChanged extends OrderEvent {
  @WebhookField({
    description: 'The flights as they were before',
    example: BOUGHT_SEGMENTS_EXAMPLE,
    type: () => SegmentData,
  })
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  previous_segments!: SegmentData[];

  @WebhookField({ description: 'How much dearer that made the order; negative: cheaper', example: 60 })
  @IsNumber()
  total_amount_delta!: number;

  static of(order: OrderSnapshot, extra: Pick<DatesChanged, 'previous_segments' | 'total_amount_delta'>) {
    return Object.assign(new DatesChanged(), order, extra);
  }
}
