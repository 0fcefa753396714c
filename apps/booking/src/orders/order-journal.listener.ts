import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import type { OrderCanceledEvent } from './events/order-canceled.event.js';
import type { OrderCreatedEvent } from './events/order-created.event.js';
import type { OrderTicketedEvent } from './events/order-ticketed.event.js';

/** Writes down what happened, as the app has always done with its own events. */
@Injectable()
export class OrderJournal {
  private readonly logger = new Logger(OrderJournal.name);

  @OnEvent('order.created')
  created({ orderId }: OrderCreatedEvent): void {
    this.logger.log(`${orderId} created`);
  }

  @OnEvent('order.ticketed')
  ticketed({ orderId }: OrderTicketedEvent): void {
    this.logger.log(`${orderId} ticketed`);
  }

  @OnEvent('order.canceled')
  canceled({ orderId }: OrderCanceledEvent): void {
    this.logger.log(`${orderId} cancelled`);
  }
}
