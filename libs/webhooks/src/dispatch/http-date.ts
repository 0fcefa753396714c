const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_WEEKDAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = '(?<month>[A-Z][a-z]{2})';
const TIME = String.raw`(?<time>\d{2}:\d{2}:\d{2})`;

/** The form that senders use, and the two that recipients must still understand: RFC 850's and that of C's asctime(). */
const FORMS = [
  String.raw`${WEEKDAY}, (?<day>\d{2}) ${MONTH} (?<year>\d{4}) ${TIME} GMT`,
  String.raw`${LONG_WEEKDAY}, (?<day>\d{2})-${MONTH}-(?<year>\d{2}) ${TIME} GMT`,
  String.raw`${WEEKDAY} ${MONTH} (?<day>\d{2}| \d) ${TIME} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

// A year of two digits is never more than fifty years ahead (RFC 9110, section 5.6.7).
function fullYear(year: string, now: number): number {
  if (year.length === 4) return Number(year);
  const thisYear = new Date(now).getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + Number(year);
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury;
}

/** Epoch milliseconds of a date in any of the three forms of HTTP (RFC 9110, section 5.6.7); null when it is none. */
export function parseHttpDate(text: string, now: number): number | null {
  for (const form of FORMS) {
    const found = form.exec(text)?.groups;
    if (!found) continue;
    const at = Date.parse(
      `${found['day']} ${found['month']} ${fullYear(found['year']!, now)} ${found['time']} GMT`,
    );
    return Number.isNaN(at) ? null : at;
  }
  return null;
}
