import { Module } from '@nestjs/common';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import { BookingFactory } from './booking.factory.js';
import { BookingStore } from './booking.store.js';
import { Checkout } from './checkout.service.js';
import { OrderCancellationService } from './order-cancellation.service.js';
import { OrderCreationService } from './order-creation.service.js';
import { OrderExtrasService } from './order-extras.service.js';
import { OrderJournal } from './order-journal.listener.js';
import { OrderTicketingService } from './order-ticketing.service.js';
import { OrdersController } from './orders.controller.js';
import { TicketIssuer } from './ticket-issuer.service.js';

/** Selling, ticketing and cancelling flights. */
@Module({
  controllers: [OrdersController],
  providers: [
    BookingFactory,
    BookingStore,
    Checkout,
    OrderCancellationService,
    OrderCreationService,
    OrderExtrasService,
    OrderJournal,
    OrderSnapshotFactory,
    OrderTicketingService,
    TicketIssuer,
  ],
})
export class OrdersModule {}
