import { ArrayNotEmpty, IsArray, IsNumber, Min, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { SERVICES_EXAMPLE } from './order-examples.js';
import { ServiceData } from './service-data.js';

/** Tells of the added services only. */
@WebhookEvent('ServicesAddition', {
  description: 'Services were added to an order.',
  subject: orderSubject,
})
export class ServicesAddition extends OrderEvent {
  @WebhookField({ description: 'The added services, and no others', example: SERVICES_EXAMPLE })
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  declare services: ServiceData[];

  @WebhookField({ description: 'How much dearer that made the order', example: 45 })
  @IsNumber()
  @Min(0)
  total_amount_delta!: number;

  static of(order: OrderSnapshot, extra: Pick<ServicesAddition, 'services' | 'total_amount_delta'>) {
    return Object.assign(new ServicesAddition(), order, extra);
  }
}
