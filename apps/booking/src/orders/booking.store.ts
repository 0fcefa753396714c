import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { rowLock } from '../database/row-lock.js';
import { BookingClock } from '../system/booking-clock.js';
import { OrderMilestones } from '../webhooks/order-milestones.service.js';
import { BookingError } from './booking-error.js';
import type { Booking } from './booking.js';
import { Order } from './entities/order.entity.js';
import { Passenger } from './entities/passenger.entity.js';
import { Seat } from './entities/seat.entity.js';
import { Segment } from './entities/segment.entity.js';
import { Service } from './entities/service.entity.js';
import { Ticket } from './entities/ticket.entity.js';

/** Whose order: a consumer never sees another's. */
export interface OrderKey {
  readonly agwId: string;
  readonly consumerId: string;
}

/** Reads and writes whole bookings, always through the manager of the transaction it is called in. */
@Injectable()
export class BookingStore {
  constructor(
    private readonly clock: BookingClock,
    private readonly milestones: OrderMilestones,
  ) {}

  /** @throws BookingError `ORDER_NOT_FOUND` */
  async read(manager: EntityManager, key: OrderKey): Promise<Booking> {
    return this.complete(manager, await manager.findOneBy(Order, { ...key }), key);
  }

  /** Reads the booking and keeps other transactions from changing it until this one ends. */
  async lock(manager: EntityManager, key: OrderKey): Promise<Booking> {
    const order = await manager.findOne(Order, { where: { ...key }, ...rowLock(manager) });
    return this.complete(manager, order, key);
  }

  /** Whose order it is, for those who serve all consumers: airlines, the mailbox. @throws BookingError `ORDER_NOT_FOUND` */
  async keyOf(manager: EntityManager, where: { agwId: string } | { id: string }): Promise<OrderKey> {
    const order = await manager.findOneBy(Order, where);
    if (order) return { agwId: order.agwId, consumerId: order.consumerId };
    throw new BookingError('ORDER_NOT_FOUND', `There is no order ${Object.values(where).join()}.`);
  }

  async insert(manager: EntityManager, booking: Booking): Promise<void> {
    await manager.insert(Order, booking.order);
    await manager.insert(Passenger, booking.passengers);
    await manager.insert(Segment, booking.segments);
  }

  /** Stores what changed on the order itself and notes when; its milestones move with it. */
  async save(manager: EntityManager, booking: Booking): Promise<void> {
    booking.order.updatedOn = this.clock.now();
    await manager.save(booking.order);
    await this.milestones.arm(manager, booking);
  }

  private async complete(manager: EntityManager, order: Order | null, key: OrderKey): Promise<Booking> {
    if (!order) throw new BookingError('ORDER_NOT_FOUND', `There is no order ${key.agwId}.`);
    const ofOrder = { where: { orderId: order.id }, order: { position: 'ASC' as const } };
    const passengers = await manager.find(Passenger, ofOrder);
    const passengerId = In(passengers.map((passenger) => passenger.id));
    return {
      order,
      passengers,
      segments: await manager.find(Segment, ofOrder),
      services: await manager.find(Service, ofOrder),
      seats: await manager.find(Seat, ofOrder),
      tickets: await manager.find(Ticket, {
        where: { passengerId },
        order: { issuedOn: 'ASC', number: 'ASC' },
      }),
    };
  }
}
