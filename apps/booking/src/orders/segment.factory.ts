import { randomUUID } from 'node:crypto';
import { zoneOf } from './airport-zones.js';
import type { SegmentDto } from './dto/create-order.dto.js';
import { Segment } from './entities/segment.entity.js';
import { airportTime } from './zoned-time.js';

/** What a flight is beside what its supplier says. */
export interface Place {
  readonly orderId: string;
  readonly position: number;
  readonly bought: boolean;
  /** @default `SEG` and the position */
  readonly ref?: string;
}

/** A row for a flight, from what a supplier says of it. */
export function newSegment(flight: SegmentDto, { ref, ...place }: Place): Segment {
  const departure = airportTime(flight.departure_local, flight.departure_tz ?? zoneOf(flight.origin));
  const arrival = airportTime(flight.arrival_local, flight.arrival_tz ?? zoneOf(flight.destination));
  return Object.assign(new Segment(), {
    id: randomUUID(),
    ...place,
    ref: ref ?? `SEG${place.position}`,
    leg: flight.leg,
    carrier: flight.carrier,
    flightNumber: flight.flight_number,
    origin: flight.origin,
    destination: flight.destination,
    departureLocal: departure.local,
    departureTz: departure.tz,
    departureAt: departure.at,
    arrivalLocal: arrival.local,
    arrivalTz: arrival.tz,
    arrivalAt: arrival.at,
    status: 'HK',
    supersededBy: null,
  });
}
