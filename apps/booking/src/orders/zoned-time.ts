import { BookingError } from './booking-error.js';

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;
const OFFSET = /^(.{19})([+-]\d{2}:\d{2})$/;
const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = createFormat(zone);
  formats.set(zone, format);
  return format;
}

function createFormat(zone: string): Intl.DateTimeFormat {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, ...digits, ...clock });
  } catch {
    throw new BookingError('BOOKING_INVALID', `${zone} is no time zone that this service knows.`);
  }
}

/** What the clock on the wall shows at `instant`, as milliseconds, as if that wall were in Greenwich. */
function wallTime(instant: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const date = [part('year'), part('month') - 1, part('day')] as const;
  return Date.UTC(...date, part('hour'), part('minute'), part('second'));
}

function parseWallTime(local: string): number {
  const wall = LOCAL.test(local) ? Date.parse(`${local}Z`) : Number.NaN;
  if (new Date(wall).getTime() === wall && formatInstant(new Date(wall)) === `${local}Z`) return wall;
  throw new BookingError('BOOKING_INVALID', `${local} is no local time like 2026-04-18T11:45:00.`);
}

/**
 * The instant at which clocks in `zone` (IANA) show `local` (`YYYY-MM-DDTHH:mm:ss`). A local time that a change of
 * the clocks skips means the later instant, one that it repeats the earlier: what Temporal calls "compatible".
 *
 * @throws BookingError `BOOKING_INVALID` for an unknown zone or a date that no calendar has.
 */
export function instantOf(local: string, zone: string): Date {
  const wall = parseWallTime(local);
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((near) => wallTime(near, zone) - near);
  const candidates = offsets.map((offset) => wall - offset);
  const real = candidates.filter((candidate) => wallTime(candidate, zone) === wall);
  // In a gap both candidates are wrong; the offset that held before it leads to the later one.
  return new Date(real.length > 0 ? Math.min(...real) : candidates[0]!);
}

/** ISO 8601 in whole seconds with the zone said: `2026-04-18T09:45:00Z`. */
export function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** A time at an airport: what its clocks show, which zone they follow, and which instant that is. */
export interface AirportTime {
  readonly local: string;
  readonly tz: string;
  readonly at: Date;
}

/**
 * Reads a supplier's time. Where it comes with an offset, that says which instant is meant, also in an hour that the
 * clocks repeat or skip; where it does not, {@link instantOf} decides.
 *
 * @param text `YYYY-MM-DDTHH:mm:ss`, with or without `+02:00`
 * @throws BookingError `BOOKING_INVALID`
 */
export function airportTime(text: string, tz: string): AirportTime {
  const [, local = text, offset] = OFFSET.exec(text) ?? [];
  if (offset === undefined) return { local, tz, at: instantOf(local, tz) };
  parseWallTime(local);
  const at = new Date(text);
  return { local: formatInstant(new Date(wallTime(at.getTime(), tz))).slice(0, -1), tz, at };
}
