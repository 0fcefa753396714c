/** What the itinerary needs to know of a flight. */
export interface Flight {
  readonly leg: number;
  readonly position: number;
  readonly origin: string;
  readonly destination: string;
  readonly status: string;
  readonly supersededBy: string | null;
}

/** The public names of the three shapes of a trip. */
export const BOOKING_TYPES = ['One Way', 'Round Trip', 'Multicity'] as const;

/** One of {@link BOOKING_TYPES}. */
export type BookingType = (typeof BOOKING_TYPES)[number];

/** A trip in four words, always computed from its flights. */
export interface Itinerary {
  readonly bookingType: BookingType;
  readonly origin: string;
  /** Of a round trip the turn-around point, not the way home. */
  readonly destination: string;
  /** One token a flight, in travel order: `MAD-LHR, LHR-MAD`. */
  readonly fullPath: string;
}

// HK confirmed, TK confirmed with a new time; UN, HX and WK are flights that the airline took away.
const LIVE = ['HK', 'TK'];

interface Leg {
  readonly origin: string;
  readonly destination: string;
}

function currentFlights<F extends Flight>(flights: readonly F[]): F[] {
  return flights
    .filter((flight) => flight.supersededBy === null)
    .sort((a, b) => a.leg - b.leg || a.position - b.position);
}

/** The flights that will be flown, in travel order; none of a fully cancelled trip. */
export function flyingFlights<F extends Flight>(flights: readonly F[]): F[] {
  return currentFlights(flights).filter((flight) => LIVE.includes(flight.status));
}

/** The flights that will be flown, in travel order; of a fully cancelled trip those it had last. */
export function liveFlights<F extends Flight>(flights: readonly F[]): F[] {
  const flying = flyingFlights(flights);
  return flying.length > 0 ? flying : currentFlights(flights);
}

function legsOf(flights: readonly Flight[]): Leg[] {
  const legs = new Map<number, Leg>();
  for (const { leg, origin, destination } of flights) {
    legs.set(leg, { origin: legs.get(leg)?.origin ?? origin, destination });
  }
  return [...legs.values()];
}

function typeOf(legs: readonly Leg[]): BookingType {
  const [out, back, more] = legs;
  if (!out || !back) return 'One Way';
  const returns = out.origin === back.destination && out.destination === back.origin;
  return returns && !more ? 'Round Trip' : 'Multicity';
}

/** Sums up a trip; it needs at least one flight that was not replaced. */
export function itineraryOf(flights: readonly Flight[]): Itinerary {
  const live = liveFlights(flights);
  const legs = legsOf(live);
  const first = legs[0];
  const last = legs.at(-1);
  if (!first || !last) throw new RangeError('A trip has at least one flight.');
  const bookingType = typeOf(legs);
  return {
    bookingType,
    origin: first.origin,
    destination: bookingType === 'Round Trip' ? first.destination : last.destination,
    fullPath: live.map(({ origin, destination }) => `${origin}-${destination}`).join(', '),
  };
}
