import { DatesChanged } from '../../webhooks/catalog/dates-changed.js';
import { segmentData } from '../../webhooks/catalog/segment-data.js';
import { BookingError } from '../booking-error.js';
import { checkFlights } from '../booking-rules.js';
import type { Booking } from '../booking.js';
import type { ItineraryDto } from '../dto/change-order.dto.js';
import type { Seat } from '../entities/seat.entity.js';
import { Segment } from '../entities/segment.entity.js';
import { isHeld } from '../extras-rules.js';
import { itineraryOf, liveFlights } from '../itinerary.js';
import { toMinor } from '../money.js';
import { newSegment } from '../segment.factory.js';
import { reviseSegments } from '../segment-revisions.js';
import type { Revision } from '../segment-revisions.js';
import type { OrderEdit } from './order-edit.js';

/** What becomes of the legs that a request names. */
interface Plan {
  /** Flights of the request that the order has already, with their place in the new itinerary. */
  readonly kept: { readonly flight: Segment; readonly position: number }[];
  readonly added: Segment[];
  readonly revisions: Revision[];
}

/**
 * Changes flights because the traveller wants it: each leg that the request names consists of its flights afterwards.
 * Services go along to the flight that takes their flight's place.
 *
 * @returns the seats on flights that are not taken any more: they are lost
 * @throws BookingError `BOOKING_INVALID` also when no flight differs
 */
export async function editItinerary(edit: OrderEdit, request: ItineraryDto): Promise<Seat[]> {
  const { booking, manager } = edit;
  const plan = planOf(booking, request);
  if (plan.added.length + plan.revisions.length === 0)
    throw new BookingError('BOOKING_INVALID', 'These are the flights that the order has already.');
  const before = liveFlights(booking.segments).map(segmentData);
  const gone = new Set(plan.revisions.map(({ was }) => was.id));
  const lost = booking.seats.filter((seat) => isHeld(seat) && gone.has(seat.segmentId));
  for (const { flight, position } of plan.kept) {
    flight.position = position;
    await manager.update(Segment, { id: flight.id }, { position });
  }
  await reviseSegments(manager, booking, { ...plan, withSeats: false });
  checkFlights(liveFlights(booking.segments));
  booking.order.bookingType = itineraryOf(booking.segments).bookingType;

  edit.touch('itinerary');
  const delta = edit.addToTotal(toMinor(request.amount_delta, booking.order.currency));
  edit.announce((order) => DatesChanged.of(order, { previous_segments: before, total_amount_delta: delta }));
  return lost;
}

function planOf({ order, segments }: Booking, request: ItineraryDto): Plan {
  const legs = new Set(request.segments.map(({ leg }) => leg));
  const current = liveFlights(segments).filter(({ leg }) => legs.has(leg));
  const plan: Plan = { kept: [], added: [], revisions: [] };
  const places = new Set(segments.map(({ ref }) => ref)).size;
  for (const [index, wanted] of request.segments.entries()) {
    const position = segments.length + index + 1;
    const ref = `SEG${places + plan.added.length + 1}`;
    const flight = newSegment(wanted, { orderId: order.id, position, ref, bought: false });
    const same = current.find((candidate) => isSameFlight(candidate, flight));
    if (same) plan.kept.push({ flight: same, position });
    else plan.added.push(flight);
  }
  const kept = plan.kept.map(({ flight }) => flight);
  for (const was of current.filter((flight) => !kept.includes(flight)))
    plan.revisions.push({ was, is: successorOf(was, plan.added, kept) });
  return plan;
}

function isSameFlight(one: Segment, other: Segment): boolean {
  return (
    one.leg === other.leg &&
    one.flightNumber === other.flightNumber &&
    one.origin === other.origin &&
    one.destination === other.destination &&
    one.departureAt.getTime() === other.departureAt.getTime() &&
    one.arrivalAt.getTime() === other.arrivalAt.getTime()
  );
}

/** The new flight from the same airport, else any of the same leg: every named leg has one. */
function successorOf(was: Segment, added: readonly Segment[], kept: readonly Segment[]): Segment {
  const ofLeg = [...added, ...kept].filter(({ leg }) => leg === was.leg);
  return (ofLeg.find(({ origin }) => origin === was.origin) ?? ofLeg[0])!;
}
