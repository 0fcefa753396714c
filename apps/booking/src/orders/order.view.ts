import type { Booking } from './booking.js';
import type { Passenger } from './entities/passenger.entity.js';
import type { Segment } from './entities/segment.entity.js';
import { toMajor } from './money.js';
import { ORDER_STATUS_TEXTS } from './order-status.js';
import { formatInstant } from './zoned-time.js';

/** The name as it stands on a ticket: `GARCIA/ANA MS`. */
export function ticketName({ lastName, firstName, title }: Passenger): string {
  return `${lastName}/${firstName}${title ? ` ${title}` : ''}`.toUpperCase();
}

/** The travellers, with the tickets that were not replaced. */
export function viewPassengers({ passengers, tickets }: Booking) {
  return passengers.map((passenger) => ({
    ref: passenger.ref,
    type: passenger.type,
    name: ticketName(passenger),
    ticket_numbers: tickets
      .filter((ticket) => ticket.passengerId === passenger.id && ticket.status !== 'EXCHANGED')
      .map((ticket) => ticket.number),
  }));
}

/** The flights that were not replaced. */
export function viewSegments({ segments }: Booking) {
  return segments.filter((segment) => segment.supersededBy === null).map(viewSegment);
}

function viewSegment(segment: Segment) {
  return {
    ref: segment.ref,
    leg: segment.leg,
    carrier: segment.carrier,
    flight_number: segment.flightNumber,
    origin: segment.origin,
    destination: segment.destination,
    departure_local: segment.departureLocal,
    departure_tz: segment.departureTz,
    departure_at: formatInstant(segment.departureAt),
    arrival_local: segment.arrivalLocal,
    arrival_tz: segment.arrivalTz,
    arrival_at: formatInstant(segment.arrivalAt),
    status: segment.status,
  };
}

function refOf(things: readonly { id: string; ref: string }[], id: string): string {
  return things.find((thing) => thing.id === id)?.ref ?? '';
}

/** What was bought beside the flight. */
export function viewServices({ services, passengers, segments }: Booking) {
  return services.map((service) => ({
    ref: service.ref,
    passenger_ref: refOf(passengers, service.passengerId),
    segment_ref: service.segmentId === null ? null : refOf(segments, service.segmentId),
    type: service.type,
    code: service.code,
    quantity: service.quantity,
    amount: toMajor(service.amountMinor, service.currency),
    currency: service.currency,
  }));
}

/** Who sits where. */
export function viewSeats({ seats, passengers, segments }: Booking) {
  return seats.map((seat) => ({
    ref: seat.ref,
    passenger_ref: refOf(passengers, seat.passengerId),
    segment_ref: refOf(segments, seat.segmentId),
    seat_number: seat.seatNumber,
    amount: toMajor(seat.amountMinor, seat.currency),
    currency: seat.currency,
  }));
}

/** What the API answers. */
export function viewOrder(booking: Booking) {
  const { order } = booking;
  return {
    agw_id: order.agwId,
    order_id: order.providerOrderId,
    pnr: order.pnr,
    record_locator: order.recordLocator,
    booking_type: order.bookingType,
    order_status: ORDER_STATUS_TEXTS[order.status],
    total_amount: toMajor(order.totalAmountMinor, order.currency),
    currency: order.currency,
    created_on: formatInstant(order.createdOn),
    updated_on: formatInstant(order.updatedOn),
    passengers: viewPassengers(booking),
    segments: viewSegments(booking),
    services: viewServices(booking),
    seats: viewSeats(booking),
  };
}
