import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { WebhooksService } from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import { Agent } from '../parties/agent.entity.js';
import type { Caller } from '../parties/caller.js';
import { OrderCreated } from '../webhooks/catalog/order-created.js';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import { BookingError } from './booking-error.js';
import { BookingFactory } from './booking.factory.js';
import type { Booking } from './booking.js';
import { BookingStore } from './booking.store.js';
import { Checkout } from './checkout.service.js';
import type { CreateOrderDto } from './dto/create-order.dto.js';
import { OrderCreatedEvent } from './events/order-created.event.js';

/** Makes orders. */
@Injectable()
export class OrderCreationService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly snapshots: OrderSnapshotFactory,
    private readonly emitter: EventEmitter2,
    private readonly bookings: BookingStore,
    private readonly factory: BookingFactory,
    private readonly checkout: Checkout,
  ) {}

  /**
   * Puts an order on hold, or pays for it at once.
   *
   * @throws BookingError `BOOKING_INVALID`, `PAYMENT_DECLINED`
   */
  async create(request: CreateOrderDto, caller: Caller): Promise<Booking> {
    const booking = await this.webhooks.transaction(async (manager) => {
      const agencyId = await this.agencyOf(manager, caller);
      const booking = this.factory.create(request, { ...caller, agencyId });
      await this.bookings.insert(manager, booking);

      const order = await this.snapshots.take(manager, booking.order, caller);
      await this.webhooks.publish(OrderCreated.of(order), { manager, tenant: caller.consumerId });

      // Last, so that a declined card undoes the order and its event alike.
      if (!request.hold) await this.checkout.pay(booking.order, request.card_token);
      return booking;
    });
    const { agwId, createdOn } = booking.order;
    this.emitter.emit(
      'order.created',
      new OrderCreatedEvent(agwId, caller.agentId, caller.sessionId, createdOn),
    );
    return booking;
  }

  private async agencyOf(manager: EntityManager, { agentId }: Caller): Promise<string> {
    const agent = agentId === null ? null : await manager.findOneBy(Agent, { id: agentId });
    if (agent) return agent.agencyId;
    throw new BookingError('BOOKING_INVALID', 'An order is made by an agent: name one in x-agent-id.');
  }
}
