import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, Matches } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { AirlineStatus } from '../../airlines/airline-status.js';
import { AIRLINE_STATUSES } from '../../airlines/airline-status.js';

/** Of no order and no customer: goes to everybody. */
@WebhookEvent('AirlineStatusChanged', {
  description: 'An airline can be booked again, or cannot be booked any more.',
  aliases: ['airline.status'],
  subject: ({ airlines }: AirlineStatusChanged) => `airline:${airlines.join()}`,
})
export class AirlineStatusChanged {
  @WebhookField({ description: 'IATA code of the one airline', example: ['TO'] })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1)
  @Matches(/^[A-Z0-9]{2}$/, { each: true })
  airlines!: string[];

  @WebhookField({ description: 'Active can be booked, the others cannot', example: 'Maintenance' })
  @IsIn(AIRLINE_STATUSES)
  airline_status!: AirlineStatus;

  @WebhookField({ description: 'What it was before', example: 'Active' })
  @IsIn(AIRLINE_STATUSES)
  previous_airline_status!: AirlineStatus;

  static of(airline: string, was: AirlineStatus, is: AirlineStatus): AirlineStatusChanged {
    const event = { airlines: [airline], airline_status: is, previous_airline_status: was };
    return Object.assign(new AirlineStatusChanged(), event);
  }
}
