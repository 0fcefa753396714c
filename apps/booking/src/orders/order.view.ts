import type { Booking } from './booking.js';
import type { Passenger } from './entities/passenger.entity.js';
import type { Seat } from './entities/seat.entity.js';
import type { Segment } from './entities/segment.entity.js';
import type { Service } from './entities/service.entity.js';
import { isHeld } from './extras-rules.js';
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

/** One flight, as partners see it wherever it is told of. */
export type SegmentView = ReturnType<typeof viewSegment>;

/** One flight. */
export function viewSegment(segment: Segment) {
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

/** What was bought beside the flight and not given back. */
export function viewServices(booking: Booking) {
  return booking.services.filter(isHeld).map((service) => viewService(booking, service));
}

/** One of them, given back or not. */
export function viewService({ passengers, segments }: Booking, service: Service) {
  return {
    ref: service.ref,
    passenger_ref: refOf(passengers, service.passengerId),
    segment_ref: service.segmentId === null ? null : refOf(segments, service.segmentId),
    type: service.type,
    code: service.code,
    quantity: service.quantity,
    amount: toMajor(service.amountMinor, service.currency),
    currency: service.currency,
  };
}

/** Who sits where. */
export function viewSeats(booking: Booking) {
  return booking.seats.filter(isHeld).map((seat) => viewSeat(booking, seat));
}

/** One seat, held or released. */
export function viewSeat({ passengers, segments }: Booking, seat: Seat) {
  return {
    ref: seat.ref,
    passenger_ref: refOf(passengers, seat.passengerId),
    segment_ref: refOf(segments, seat.segmentId),
    seat_number: seat.seatNumber,
    amount: toMajor(seat.amountMinor, seat.currency),
    currency: seat.currency,
  };
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
