import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { WebhooksService } from 'nestjs-webhooks';
import type { Caller } from '../parties/caller.js';
import { OrderCanceled } from '../webhooks/catalog/order-canceled.js';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import { BookingError } from './booking-error.js';
import type { Booking } from './booking.js';
import { BookingStore } from './booking.store.js';
import type { CancelOrderDto } from './dto/cancel-order.dto.js';
import type { Order } from './entities/order.entity.js';
import { OrderCanceledEvent } from './events/order-canceled.event.js';
import { toMinor } from './money.js';
import { advance } from './order-status.js';
import { TicketIssuer } from './ticket-issuer.service.js';

/** Cancels orders. */
@Injectable()
export class OrderCancellationService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly snapshots: OrderSnapshotFactory,
    private readonly emitter: EventEmitter2,
    private readonly bookings: BookingStore,
    private readonly tickets: TicketIssuer,
  ) {}

  /**
   * Cancels an order and its tickets. Cancelling it again changes nothing and announces nothing.
   *
   * @param by who does it; left out: the caller's agent, or the system if there is none
   * @throws BookingError `ORDER_NOT_FOUND`, `TRANSITION_FORBIDDEN`, `BOOKING_INVALID`
   */
  async cancel(agwId: string, request: CancelOrderDto, caller: Caller, by?: 'airline'): Promise<Booking> {
    const key = { agwId, consumerId: caller.consumerId };
    const { booking, changed } = await this.webhooks.transaction(async (manager) => {
      const before = await this.bookings.lock(manager, key);
      if (before.order.status === 'cancelled') return { booking: before, changed: false };
      checkRefund(before.order, request.refund_amount);
      before.order.status = advance(before.order.status, 'cancelled');
      await this.tickets.close(manager, before, 'VOID');
      await this.bookings.save(manager, before);

      const order = await this.snapshots.take(manager, before.order, caller);
      const event = OrderCanceled.of(order, {
        cancel_reason: request.reason ?? 'requested',
        cancelled_by: by ?? (caller.agentId === null ? 'system' : 'agent'),
        refund_amount: request.refund_amount ?? null,
      });
      await this.webhooks.publish(event, { manager, tenant: caller.consumerId });
      return { booking: await this.bookings.read(manager, key), changed: true };
    });
    if (changed) this.announce(booking.order, caller);
    return booking;
  }

  private announce({ agwId, updatedOn }: Order, { agentId, sessionId }: Caller): void {
    this.emitter.emit('order.canceled', new OrderCanceledEvent(agwId, agentId, sessionId, updatedOn));
  }
}

function checkRefund({ agwId, currency, totalAmountMinor }: Order, refund: number | undefined): void {
  if (refund === undefined || toMinor(refund, currency) <= totalAmountMinor) return;
  throw new BookingError('BOOKING_INVALID', `${refund} ${currency} is more than ${agwId} cost.`);
}
