import { Module } from '@nestjs/common';
import { MilestoneBuilder } from '../webhooks/milestone.builder.js';
import { OrderMilestones } from '../webhooks/order-milestones.service.js';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import { BookingFactory } from './booking.factory.js';
import { BookingStore } from './booking.store.js';
import { Checkout } from './checkout.service.js';
import { OrderCancellationService } from './order-cancellation.service.js';
import { OrderChangesService } from './order-changes.service.js';
import { OrderCreationService } from './order-creation.service.js';
import { OrderJournal } from './order-journal.listener.js';
import { OrderTicketingService } from './order-ticketing.service.js';
import { OrdersController } from './orders.controller.js';
import { SupplierOrdersController } from './supplier-orders.controller.js';
import { TicketIssuer } from './ticket-issuer.service.js';

/** Selling, ticketing and cancelling flights. */
@Module({
  controllers: [OrdersController, SupplierOrdersController],
  providers: [
    BookingFactory,
    BookingStore,
    Checkout,
    MilestoneBuilder,
    OrderCancellationService,
    OrderChangesService,
    OrderCreationService,
    OrderJournal,
    OrderMilestones,
    OrderSnapshotFactory,
    OrderTicketingService,
    TicketIssuer,
  ],
  exports: [BookingStore, OrderSnapshotFactory],
})
export class OrdersModule {}
