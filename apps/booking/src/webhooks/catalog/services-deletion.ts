import { ArrayNotEmpty, IsArray, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent, orderSubject } from './order-event.js';
import { SERVICES_EXAMPLE } from './order-examples.js';
import { ServiceData } from './service-data.js';

/** Tells of the removed services only. */
@WebhookEvent('ServicesDeletion', {
  description: 'Services were removed from an order.',
  aliases: ['ServicesRemoval'],
  subject: orderSubject,
})
export class ServicesDeletion extends OrderEvent {
  @WebhookField({ description: 'The removed services, and no others', example: SERVICES_EXAMPLE })
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  declare services: ServiceData[];

  static of(order: OrderSnapshot, extra: Pick<ServicesDeletion, 'services'>): ServicesDeletion {
    return Object.assign(new ServicesDeletion(), order, extra);
  }
}
