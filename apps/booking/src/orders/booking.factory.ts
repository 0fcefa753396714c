import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BookingClock } from '../system/booking-clock.js';
import { BookingNumbers } from '../system/booking-numbers.js';
import type { Caller } from '../parties/caller.js';
import { checkFlights, checkParty } from './booking-rules.js';
import type { Booking } from './booking.js';
import type { CreateOrderDto } from './dto/create-order.dto.js';
import { Order } from './entities/order.entity.js';
import { Passenger } from './entities/passenger.entity.js';
import type { Segment } from './entities/segment.entity.js';
import { itineraryOf } from './itinerary.js';
import { toMinor } from './money.js';
import { advance } from './order-status.js';
import { newSegment } from './segment.factory.js';

/** Who sells to whom. */
export type Sale = Caller & { readonly agencyId: string };

/** Makes a new booking from a request and checks that it makes sense; stores nothing. */
@Injectable()
export class BookingFactory {
  constructor(
    private readonly clock: BookingClock,
    private readonly numbers: BookingNumbers,
  ) {}

  /** @throws BookingError `BOOKING_INVALID` */
  create(request: CreateOrderDto, sale: Sale): Booking {
    const id = randomUUID();
    const passengers = this.passengersOf(id, request);
    const segments = this.segmentsOf(id, request);
    checkParty(passengers);
    checkFlights(segments);
    const order = this.orderOf(id, request, sale);
    order.bookingType = itineraryOf(segments).bookingType;
    return { order, passengers, segments, services: [], seats: [], tickets: [] };
  }

  private orderOf(id: string, request: CreateOrderDto, sale: Sale): Order {
    const { provider, currency } = request;
    const now = this.clock.now();
    const limit = request.payment_time_limit;
    return Object.assign(new Order(), {
      id,
      agwId: this.numbers.agwId(),
      provider,
      providerOrderId: this.numbers.providerOrderId(provider),
      pnr: this.numbers.pnr(),
      recordLocator: this.numbers.recordLocator(),
      status: advance('new', request.hold ? 'on_hold' : 'ticketing'),
      totalAmountMinor: toMinor(request.amount, currency),
      currency,
      sessionId: sale.sessionId,
      consumerId: sale.consumerId,
      agencyId: sale.agencyId,
      agentId: sale.agentId,
      contactPhone: request.contact_phone ?? null,
      contactEmail: request.contact_email ?? null,
      paymentTimeLimit: request.hold && limit !== undefined ? new Date(limit) : null,
      createdOn: now,
      updatedOn: now,
    });
  }

  private passengersOf(orderId: string, request: CreateOrderDto): Passenger[] {
    return request.passengers.map((one, index) =>
      Object.assign(new Passenger(), {
        id: randomUUID(),
        orderId,
        position: index + 1,
        ref: `PAX${index + 1}`,
        type: one.type,
        firstName: one.first_name,
        lastName: one.last_name,
        title: one.title ?? null,
        birthDate: one.birth_date ?? null,
      }),
    );
  }

  private segmentsOf(orderId: string, request: CreateOrderDto): Segment[] {
    return request.segments.map((flight, index) =>
      newSegment(flight, { orderId, position: index + 1, bought: true }),
    );
  }
}
