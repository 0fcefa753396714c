import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WebhooksService } from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../parties/caller.js';
import { BookingError } from './booking-error.js';
import type { Booking } from './booking.js';
import { BookingStore } from './booking.store.js';
import type { AddSeatsDto } from './dto/add-seats.dto.js';
import type { AddServicesDto } from './dto/add-services.dto.js';
import { Seat } from './entities/seat.entity.js';
import { Service } from './entities/service.entity.js';
import { checkSeats, passengerOf, segmentOf } from './extras-rules.js';
import { toMinor } from './money.js';
import { isClosed, ORDER_STATUS_TEXTS } from './order-status.js';

/** Sells what comes beside the flight; it raises the price of the order. */
@Injectable()
export class OrderExtrasService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly bookings: BookingStore,
  ) {}

  /** @throws BookingError `ORDER_NOT_FOUND`, `ORDER_CLOSED`, `BOOKING_INVALID` */
  addServices(agwId: string, request: AddServicesDto, caller: Caller): Promise<Booking> {
    return this.change(agwId, caller, async (manager, booking) => {
      const services = this.servicesOf(booking, request);
      await manager.insert(Service, services);
      return services;
    });
  }

  /** @throws BookingError `ORDER_NOT_FOUND`, `ORDER_CLOSED`, `BOOKING_INVALID`, `SEAT_TAKEN` */
  addSeats(agwId: string, request: AddSeatsDto, caller: Caller): Promise<Booking> {
    return this.change(agwId, caller, async (manager, booking) => {
      const seats = this.seatsOf(booking, request);
      checkSeats(booking.passengers, [...booking.seats, ...seats]);
      await manager.insert(Seat, seats);
      return seats;
    });
  }

  private change(
    agwId: string,
    caller: Caller,
    add: (manager: EntityManager, booking: Booking) => Promise<{ amountMinor: number }[]>,
  ): Promise<Booking> {
    const key = { agwId, consumerId: caller.consumerId };
    return this.webhooks.transaction(async (manager) => {
      const booking = await this.bookings.lock(manager, key);
      const { order } = booking;
      if (isClosed(order.status)) {
        throw new BookingError(
          'ORDER_CLOSED',
          `${agwId} is ${ORDER_STATUS_TEXTS[order.status]}: nothing can be added.`,
        );
      }
      for (const { amountMinor } of await add(manager, booking)) order.totalAmountMinor += amountMinor;
      await this.bookings.save(manager, order);
      return this.bookings.read(manager, key);
    });
  }

  private servicesOf(booking: Booking, { services }: AddServicesDto): Service[] {
    const { id: orderId, currency } = booking.order;
    return services.map(({ passenger_ref, segment_ref, type, code, quantity, amount }, index) => {
      const position = booking.services.length + index + 1;
      return Object.assign(new Service(), {
        ...{ id: randomUUID(), orderId, position, ref: `SRV${position}` },
        passengerId: passengerOf(booking, passenger_ref).id,
        segmentId: segment_ref === undefined ? null : segmentOf(booking, segment_ref).id,
        ...{ type, code, quantity, amountMinor: toMinor(amount, currency), currency, status: 'HK' },
      });
    });
  }

  private seatsOf(booking: Booking, { seats }: AddSeatsDto): Seat[] {
    const { id: orderId, currency } = booking.order;
    return seats.map(({ passenger_ref, segment_ref, seat_number, amount }, index) => {
      const position = booking.seats.length + index + 1;
      return Object.assign(new Seat(), {
        ...{ id: randomUUID(), orderId, position, ref: `SEAT${position}` },
        passengerId: passengerOf(booking, passenger_ref).id,
        segmentId: segmentOf(booking, segment_ref).id,
        seatNumber: seat_number,
        ...{ amountMinor: toMinor(amount, currency), currency, status: 'HK' },
      });
    });
  }
}
