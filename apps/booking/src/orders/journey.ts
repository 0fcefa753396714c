import type { Booking } from './booking.js';
import type { Segment } from './entities/segment.entity.js';
import { flyingFlights } from './itinerary.js';

/** Its flights, as far as somebody waits for them. An airline's notices may leave them overlapping for a while. */
export interface Journey {
  readonly first: Segment;
  readonly lastToLeave: Segment;
  readonly lastToLand: Segment;
}

/** What will be flown, by the instants: local times of two airports cannot be compared. Null: nothing, or not yet. */
export function journeyOf({ order, segments }: Booking): Journey | null {
  if (order.status !== 'ticketed') return null;
  const flights = flyingFlights(segments);
  const leaving = flights.toSorted((a, b) => a.departureAt.getTime() - b.departureAt.getTime());
  const landing = flights.toSorted((a, b) => a.arrivalAt.getTime() - b.arrivalAt.getTime());
  const [first, lastToLeave, lastToLand] = [leaving[0], leaving.at(-1), landing.at(-1)];
  return first && lastToLeave && lastToLand ? { first, lastToLeave, lastToLand } : null;
}
