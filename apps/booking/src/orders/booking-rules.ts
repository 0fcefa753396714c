import type { PassengerType } from './entities/passenger.entity.js';
import { BookingError } from './booking-error.js';

interface Flight {
  readonly ref: string;
  readonly leg: number;
  readonly origin: string;
  readonly destination: string;
  readonly departureAt: Date;
  readonly arrivalAt: Date;
}

function invalid(message: string): BookingError {
  return new BookingError('BOOKING_INVALID', message);
}

/** How many travel, by the names of the catalog's fields. */
export function countParty(passengers: readonly { type: PassengerType }[]): Record<PassengerType, number> {
  const count = (type: PassengerType): number => passengers.filter((one) => one.type === type).length;
  return { ADT: count('ADT'), CHD: count('CHD'), INF: count('INF') };
}

/** Somebody travels, and every infant sits on an adult's lap. A child may travel alone. */
export function checkParty(passengers: readonly { type: PassengerType }[]): void {
  const { ADT, CHD, INF } = countParty(passengers);
  if (ADT + CHD === 0) throw invalid('An order needs at least one passenger with a seat of his own.');
  if (INF > ADT) throw invalid(`${INF} infants need as many adults, but there are ${ADT}.`);
}

/** Flights land after they leave, follow each other in time, connect within a leg, and legs count up from 1. */
export function checkFlights(flights: readonly Flight[]): void {
  if (flights[0]?.leg !== 1) throw invalid('The first flight belongs to leg 1.');
  for (const [index, flight] of flights.entries()) {
    if (flight.arrivalAt <= flight.departureAt) throw invalid(`${flight.ref} lands before it leaves.`);
    const before = flights[index - 1];
    if (before) checkConnection(before, flight);
  }
}

function checkConnection(before: Flight, flight: Flight): void {
  if (flight.departureAt < before.arrivalAt) {
    throw invalid(`${flight.ref} leaves before ${before.ref} has landed.`);
  }
  const step = flight.leg - before.leg;
  if (step !== 0 && step !== 1)
    throw invalid(`${flight.ref} cannot follow leg ${before.leg} as leg ${flight.leg}.`);
  if (step === 0 && flight.origin !== before.destination) {
    throw invalid(`${flight.ref} leaves ${flight.origin}, but ${before.ref} lands at ${before.destination}.`);
  }
}
