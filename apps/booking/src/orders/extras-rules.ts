import { BookingError } from './booking-error.js';
import { liveFlights } from './itinerary.js';
import type { Flight } from './itinerary.js';

interface Named {
  readonly id: string;
  readonly ref: string;
}

interface Place {
  readonly passengerId: string;
  readonly segmentId: string;
  readonly seatNumber: string;
}

/** Status of a service or a seat that was given back: its row and its ref stay. */
export const GIVEN_BACK = 'XX';

/** Whether a service or a seat is still the passenger's. */
export function isHeld({ status }: { readonly status: string }): boolean {
  return status !== GIVEN_BACK;
}

function unknown(what: string, ref: string): BookingError {
  return new BookingError('BOOKING_INVALID', `The order has no ${what} ${ref}.`);
}

/** The passenger that a request calls `PAX1`. */
export function passengerOf<P extends Named>(booking: { passengers: readonly P[] }, ref: string): P {
  const passenger = booking.passengers.find((one) => one.ref === ref);
  if (!passenger) throw unknown('passenger', ref);
  return passenger;
}

/** The flight that a request calls `SEG1`, if it will be flown. */
export function segmentOf<S extends Named & Flight>(booking: { segments: readonly S[] }, ref: string): S {
  const segment = liveFlights(booking.segments).find((one) => one.ref === ref);
  if (!segment) throw unknown('live segment', ref);
  return segment;
}

/** The services or seats that a request names, each once. */
export function heldOf<E extends { readonly ref: string; readonly status: string }>(
  extras: readonly E[],
  refs: readonly string[],
): E[] {
  return [...new Set(refs)].map((ref) => {
    const held = extras.find((extra) => extra.ref === ref && isHeld(extra));
    if (!held) throw unknown('service or seat', ref);
    return held;
  });
}

/** Nobody has two seats on a flight, no seat has two people, and infants have none. */
export function checkSeats(passengers: readonly (Named & { type: string })[], seats: readonly Place[]): void {
  const taken = new Set<string>();
  for (const { passengerId, segmentId, seatNumber } of seats) {
    const passenger = passengers.find(({ id }) => id === passengerId);
    if (passenger?.type === 'INF') {
      throw new BookingError('BOOKING_INVALID', `${passenger.ref} is an infant and has no seat.`);
    }
    for (const claim of [`${segmentId} ${passengerId}`, `${segmentId} ${seatNumber}`]) {
      if (taken.has(claim)) {
        throw new BookingError('SEAT_TAKEN', `${seatNumber} is taken, or its passenger has a seat already.`);
      }
      taken.add(claim);
    }
  }
}
