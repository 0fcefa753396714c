import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { WebhooksService } from 'nestjs-webhooks';
import type { Caller } from '../parties/caller.js';
import { OrderTicketed } from '../webhooks/catalog/order-ticketed.js';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import { BookingError } from './booking-error.js';
import type { Booking } from './booking.js';
import { BookingStore } from './booking.store.js';
import { Checkout } from './checkout.service.js';
import type { TicketOrderDto } from './dto/ticket-order.dto.js';
import type { Order } from './entities/order.entity.js';
import { OrderTicketedEvent } from './events/order-ticketed.event.js';
import { advance } from './order-status.js';
import { TicketIssuer } from './ticket-issuer.service.js';

/** Issues the tickets of an order. */
@Injectable()
export class OrderTicketingService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly snapshots: OrderSnapshotFactory,
    private readonly emitter: EventEmitter2,
    private readonly bookings: BookingStore,
    private readonly tickets: TicketIssuer,
    private readonly checkout: Checkout,
  ) {}

  /**
   * Tickets every passenger; an order on hold is paid first.
   *
   * @throws BookingError `ORDER_NOT_FOUND`, `TRANSITION_FORBIDDEN`, `PAYMENT_DECLINED`, `PAYMENT_TIME_LIMIT_PASSED`
   */
  async ticket(agwId: string, request: TicketOrderDto, caller: Caller): Promise<Booking> {
    const key = { agwId, consumerId: caller.consumerId };
    const booking = await this.webhooks.transaction(async (manager) => {
      const before = await this.bookings.lock(manager, key);
      const { status } = before.order;
      this.startTicketing(before.order, request.reissue ?? false);
      await this.tickets.issue(manager, before);
      before.order.status = advance(before.order.status, 'ticketed');
      await this.bookings.save(manager, before);

      const order = await this.snapshots.take(manager, before.order, caller);
      const event = OrderTicketed.of(order, { reissue: status === 'ticketed' });
      await this.webhooks.publish(event, { manager, tenant: caller.consumerId });

      // Last, so that a declined card undoes the tickets and their event alike.
      if (status === 'on_hold') await this.checkout.pay(before.order, request.card_token);
      return this.bookings.read(manager, key);
    });
    const { updatedOn } = booking.order;
    this.emitter.emit(
      'order.ticketed',
      new OrderTicketedEvent(agwId, caller.agentId, caller.sessionId, updatedOn),
    );
    return booking;
  }

  private startTicketing(order: Order, reissue: boolean): void {
    // An instant order waits in this status since it was paid.
    if (order.status === 'ticketing') return;
    if (order.status === 'ticketed' && !reissue) {
      const message = `${order.agwId} is ticketed already; ask for a reissue to replace its tickets.`;
      throw new BookingError('TRANSITION_FORBIDDEN', message);
    }
    order.status = advance(order.status, 'ticketing');
  }
}
