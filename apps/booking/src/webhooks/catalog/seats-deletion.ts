import { ArrayNotEmpty, IsArray, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { SEATS_EXAMPLE } from './order-examples.js';
import { SeatData } from './seat-data.js';

/** Tells of the released seats only. */
@WebhookEvent('SeatsDeletion', {
  description: 'Seats were released.',
  aliases: ['SeatsRemoval'],
  subject: orderSubject,
})
export class SeatsDeletion extends OrderEvent {
  @WebhookField({ description: 'The released seats, and no others', example: SEATS_EXAMPLE })
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  declare seats: SeatData[];

  static of(order: OrderSnapshot, extra: Pick<SeatsDeletion, 'seats'>): SeatsDeletion {
    return Object.assign(new SeatsDeletion(), order, extra);
  }
}
