import type { Booking } from './booking.js';
import type { Segment } from './entities/segment.entity.js';
import { flyingFlights } from './itinerary.js';

/** The first flight of a journey to leave and the last one. */
export interface Journey {
  readonly first: Segment;
  readonly last: Segment;
}

/** What will be flown, by the instants: local times of two airports cannot be compared. Null: nothing, or not yet. */
export function journeyOf({ order, segments }: Booking): Journey | null {
  if (order.status !== 'ticketed') return null;
  const flights = flyingFlights(segments);
  const [first] = flights.sort((a, b) => a.departureAt.getTime() - b.departureAt.getTime());
  const last = flights.at(-1);
  return first && last ? { first, last } : null;
}
