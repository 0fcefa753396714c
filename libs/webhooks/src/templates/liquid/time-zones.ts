const MOST = 100;

/** Formatters are slow to make (about 50 µs); a template that names ever new zones must not collect them. */
class ZoneFormats {
  private readonly formats = new Map<string, Intl.DateTimeFormat>();

  get(zone: string): Intl.DateTimeFormat {
    const known = this.formats.get(zone);
    if (known !== undefined) return known;
    if (!/^[A-Za-z][\w+/-]{1,63}$/.test(zone)) throw new RangeError('Invalid time zone');
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', era: 'short' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    if (this.formats.size >= MOST) this.formats.clear();
    this.formats.set(zone, made);
    return made;
  }
}

const formats = new ZoneFormats();

/**
 * Minutes that a zone is ahead of UTC at a moment.
 *
 * @param zone IANA name
 * @param instant epoch milliseconds
 * @throws RangeError for a zone that does not exist
 */
export function zoneOffset(zone: string, instant: number): number {
  const parts = new Map(
    formats
      .get(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
  const wall = new Date(0);
  wall.setUTCFullYear(year, number('month') - 1, number('day'));
  wall.setUTCHours(number('hour'), number('minute'), number('second'));
  return Math.round((wall.getTime() - Math.floor(instant / 1000) * 1000) / 60_000);
}

/** Whether a time zone of that name exists. */
export function isZone(zone: string): boolean {
  try {
    zoneOffset(zone, 0);
    return true;
  } catch {
    return false;
  }
}
