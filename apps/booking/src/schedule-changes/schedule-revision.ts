import { randomUUID } from 'node:crypto';
import { zoneOf } from '../orders/airport-zones.js';
import { BookingError } from '../orders/booking-error.js';
import type { Booking } from '../orders/booking.js';
import { Segment } from '../orders/entities/segment.entity.js';
import { viewSegment } from '../orders/order.view.js';
import type { SegmentView } from '../orders/order.view.js';
import type { Revision } from '../orders/segment-revisions.js';
import type { AirportTime } from '../orders/zoned-time.js';
import { airportTime } from '../orders/zoned-time.js';
import type { RevisedFlightDto, ScheduleChangeDto } from './dto/schedule-change.dto.js';

const RETIMED = 'TK';
const UNABLE = 'UN';
const MINUTE_MS = 60_000;

/**
 * What a notice of an airline changes; empty when everything is so already, since airlines repeat themselves. Odd
 * connections are no error: the flights are what the airline says they are.
 *
 * @throws BookingError `BOOKING_INVALID`, `AIRPORT_UNKNOWN`
 */
export function revisionsOf(
  booking: Booking,
  { revised = [], cancelled = [] }: ScheduleChangeDto,
): Revision[] {
  const changes = [
    ...revised.map((change) => ({ change, status: RETIMED, was: currentOf(booking, change.ref) })),
    ...cancelled.map((ref) => ({ change: { ref }, status: UNABLE, was: currentOf(booking, ref) })),
  ];
  const refs = new Set(changes.map(({ was }) => was.ref));
  if (refs.size < changes.length) throw invalid('A flight is changed or cancelled once in a notice.');
  return changes
    .map(({ change, status, was }) => ({ was, is: revise(was, change, status) }))
    .filter(({ was, is }) => differs(was, is));
}

/** The trip as it was first bought: rows are never overwritten, so every change tells the same. */
export function originalOf({ segments }: Booking): SegmentView[] {
  const bought = segments.filter((segment) => segment.bought);
  return bought
    .sort((a, b) => a.leg - b.leg || a.departureAt.getTime() - b.departureAt.getTime())
    .map(viewSegment);
}

/** Flights that still go after a change. */
export function goingOf(revisions: readonly Revision[]): SegmentView[] {
  return revisions.filter(({ is }) => is.status !== UNABLE).map(({ is }) => viewSegment(is));
}

/** Largest delay in minutes against the times before, negative when all is earlier; null when nothing goes. */
export function maxDelayOf(revisions: readonly Revision[]): number | null {
  const going = revisions.filter(({ is }) => is.status !== UNABLE);
  const delays = going.flatMap(({ was, is }) => [
    is.departureAt.getTime() - was.departureAt.getTime(),
    is.arrivalAt.getTime() - was.arrivalAt.getTime(),
  ]);
  return delays.length === 0 ? null : Math.round(Math.max(...delays) / MINUTE_MS);
}

function invalid(message: string): BookingError {
  return new BookingError('BOOKING_INVALID', message);
}

function currentOf({ order, segments }: Booking, ref: string): Segment {
  const current = segments.find((segment) => segment.ref === ref && segment.supersededBy === null);
  if (!current) throw invalid(`${order.agwId} has no flight ${ref}.`);
  return current;
}

interface Stop {
  readonly airport: string;
  readonly time: AirportTime;
}

interface StopChange {
  readonly airport: string | undefined;
  readonly local: string | undefined;
  readonly tz: string | undefined;
}

/** An airport that is exchanged brings its own zone. What the notice does not speak of stays to the instant. */
function reviseStop(was: Stop, { airport, local, tz }: StopChange): Stop {
  if (airport === undefined && local === undefined && tz === undefined) return was;
  const zone = tz ?? (airport === undefined ? was.time.tz : zoneOf(airport));
  return { airport: airport ?? was.airport, time: airportTime(local ?? was.time.local, zone) };
}

function departureOf({ origin, departureLocal: local, departureTz: tz, departureAt: at }: Segment): Stop {
  return { airport: origin, time: { local, tz, at } };
}

function arrivalOf({ destination, arrivalLocal: local, arrivalTz: tz, arrivalAt: at }: Segment): Stop {
  return { airport: destination, time: { local, tz, at } };
}

function revise(was: Segment, change: RevisedFlightDto, status: string): Segment {
  const { origin, departure_local, departure_tz, destination, arrival_local, arrival_tz } = change;
  const from = reviseStop(departureOf(was), { airport: origin, local: departure_local, tz: departure_tz });
  const to = reviseStop(arrivalOf(was), { airport: destination, local: arrival_local, tz: arrival_tz });
  if (to.time.at <= from.time.at) throw invalid(`${was.ref} lands before it leaves.`);
  return Object.assign(new Segment(), was, {
    ...{ id: randomUUID(), bought: false, supersededBy: null, status },
    ...{ carrier: change.carrier ?? was.carrier, flightNumber: change.flight_number ?? was.flightNumber },
    ...{ origin: from.airport, departureLocal: from.time.local },
    ...{ departureTz: from.time.tz, departureAt: from.time.at },
    ...{ destination: to.airport, arrivalLocal: to.time.local },
    ...{ arrivalTz: to.time.tz, arrivalAt: to.time.at },
  });
}

function differs(was: Segment, is: Segment): boolean {
  if ((is.status === UNABLE) !== (was.status === UNABLE)) return true;
  const asBefore = { ...viewSegment(is), status: was.status };
  return JSON.stringify(asBefore) !== JSON.stringify(viewSegment(was));
}
