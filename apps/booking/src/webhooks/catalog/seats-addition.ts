import { ArrayNotEmpty, IsArray, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { SEATS_EXAMPLE } from './order-examples.js';
import { SeatData } from './seat-data.js';

/** Tells of the new seats only. When seats are swapped, {@link SeatsDeletion} goes before. */
@WebhookEvent('SeatsAddition', {
  description: 'Seats were assigned.',
  subject: orderSubject,
})
export class SeatsAddition extends OrderEvent {
  @WebhookField({ description: 'The assigned seats, and no others', example: SEATS_EXAMPLE })
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  declare seats: SeatData[];

  static of(order: OrderSnapshot, extra: Pick<SeatsAddition, 'seats'>): SeatsAddition {
    return Object.assign(new SeatsAddition(), order, extra);
  }
}
