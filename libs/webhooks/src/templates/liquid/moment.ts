import { zoneOffset } from './time-zones.js';

/** A time as a calendar and a clock on a wall show it. */
export interface Moment {
  /** The wall's reading as if it were UTC, in epoch milliseconds. */
  readonly wall: number;
  /** Minutes east of UTC; null for a time of no known place. */
  readonly offset: number | null;
  /** What `%Z` shows. */
  readonly zone: string;
}

const WRITTEN =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/i;
const MINUTE = 60_000;
/** What a Date can hold. */
const LATEST_SECOND = 8.64e12;

/**
 * Reads a date or time. The server's zone has no part in it: what carries no offset is what a wall clock shows.
 *
 * @param value ISO 8601 text, or seconds since 1970
 * @returns null when it is no date
 */
export function readMoment(value: unknown): Moment | null {
  if (typeof value === 'string') return readText(value.trim());
  if (typeof value !== 'number' || !(Math.abs(value) <= LATEST_SECOND)) return null;
  return { wall: Math.trunc(value * 1000), offset: 0, zone: 'UTC' };
}

function readText(text: string): Moment | null {
  const found = text.length > 40 ? null : WRITTEN.exec(text);
  if (found === null) return null;
  const [, date = '', clock = '00:00', seconds = '00', fraction = '', offset] = found;
  const wall = readWall(`${date}T${clock}:${seconds}`, fraction.padEnd(3, '0').slice(0, 3));
  return wall === null ? null : { wall, ...readOffset(offset) };
}

// A date that does not exist (31 June, 24 o'clock) would silently become another one.
function readWall(second: string, fraction: string): number | null {
  const wall = Date.parse(`${second}.${fraction}Z`);
  if (Number.isNaN(wall)) return null;
  return new Date(wall).toISOString().startsWith(second) ? wall : null;
}

function readOffset(written: string | undefined): Pick<Moment, 'offset' | 'zone'> {
  if (written === undefined) return { offset: null, zone: '' };
  if (written.toUpperCase() === 'Z') return { offset: 0, zone: 'UTC' };
  const minutes = Number(written.slice(1, 3)) * 60 + Number(written.slice(-2));
  const offset = written.startsWith('-') ? -minutes : minutes;
  return { offset, zone: writtenOffset(offset, ':') };
}

/** `+02:00`, or `+0200` without a separator. */
export function writtenOffset(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hours}${separator}${String(minutes % 60).padStart(2, '0')}`;
}

/**
 * The same moment on the walls of a zone. A wall clock's reading does not move: it is taken to hang there.
 *
 * @throws RangeError for a zone that does not exist
 */
export function inZone(moment: Moment, zone: string): Moment {
  if (moment.offset !== null) {
    const instant = moment.wall - moment.offset * MINUTE;
    const offset = zoneOffset(zone, instant);
    return { wall: instant + offset * MINUTE, offset, zone };
  }
  const guess = zoneOffset(zone, moment.wall);
  const offset = zoneOffset(zone, moment.wall - guess * MINUTE);
  return { wall: moment.wall, offset, zone };
}
