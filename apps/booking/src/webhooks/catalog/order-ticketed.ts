import { ArrayNotEmpty, IsArray, IsBoolean, ValidateNested } from 'class-validator';
import { WebhookEvent, WebhookField } from 'nestjs-webhooks';
import type { OrderSnapshot } from './order-event.js';
import { OrderEvent } from './order-event.js';
import { TICKETS_EXAMPLE } from './order-examples.js';
import { TicketData } from './ticket-data.js';

/** Goes out again when tickets are replaced. */
@WebhookEvent('OrderTicketed', {
  description: 'All passengers of an order have their tickets.',
  aliases: ['order.ticketed'],
  subject: (event: OrderTicketed) => `order:${event.agw_id}`,
})
export class OrderTicketed extends OrderEvent {
  @WebhookField({
    description: 'The tickets of each passenger',
    example: TICKETS_EXAMPLE,
    type: () => TicketData,
  })
  @IsArray()
  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  tickets!: TicketData[];

  @WebhookField({ description: 'Whether these replace earlier tickets', example: false })
  @IsBoolean()
  reissue!: boolean;

  static of(order: OrderSnapshot, extra: { reissue: boolean }): OrderTicketed {
    return Object.assign(new OrderTicketed(), order, extra, { tickets: ticketsOf(order) });
  }
}

function ticketsOf({ passengers, services, pnr }: OrderSnapshot): TicketData[] {
  return passengers.map(({ ref, name, type, ticket_numbers }) =>
    Object.assign(new TicketData(), {
      passenger_ref: ref,
      name,
      type,
      ticket_numbers,
      airline_pnrs: pnr === null ? [] : [pnr],
      ancillaries: services.filter((service) => service.passenger_ref === ref).map(({ code }) => code),
    }),
  );
}
