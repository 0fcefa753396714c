import { writtenOffset, type Moment } from './moment.js';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const DIRECTIVE = /%([-_0^#:]*)(\d{0,2})([A-Za-z%])/g;
const DAY = 86_400_000;

type Written = string | readonly [number: number, width: number, padding?: string];
type Directive = (date: Date, moment: Moment, flags: string) => Written;

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  Y: (date) => [date.getUTCFullYear(), 4],
  C: (date) => [Math.floor(date.getUTCFullYear() / 100), 2],
  y: (date) => [date.getUTCFullYear() % 100, 2],
  m: (date) => [date.getUTCMonth() + 1, 2],
  B: (date) => MONTHS[date.getUTCMonth()] ?? '',
  b: (date) => MONTHS[date.getUTCMonth()]?.slice(0, 3) ?? '',
  h: (date) => MONTHS[date.getUTCMonth()]?.slice(0, 3) ?? '',
  d: (date) => [date.getUTCDate(), 2],
  e: (date) => [date.getUTCDate(), 2, ' '],
  j: (date) => [dayOfYear(date), 3],
  q: (date) => ordinal(date.getUTCDate()),
  H: (date) => [date.getUTCHours(), 2],
  k: (date) => [date.getUTCHours(), 2, ' '],
  I: (date) => [date.getUTCHours() % 12 || 12, 2],
  l: (date) => [date.getUTCHours() % 12 || 12, 2, ' '],
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  M: (date) => [date.getUTCMinutes(), 2],
  S: (date) => [date.getUTCSeconds(), 2],
  L: (date) => [date.getUTCMilliseconds(), 3],
  A: (date) => DAYS[date.getUTCDay()] ?? '',
  a: (date) => DAYS[date.getUTCDay()]?.slice(0, 3) ?? '',
  u: (date) => [date.getUTCDay() || 7, 1],
  w: (date) => [date.getUTCDay(), 1],
  U: (date) => [weekOfYear(date, 0), 2],
  W: (date) => [weekOfYear(date, 1), 2],
  s: (_date, { wall, offset }) => [Math.floor(wall / 1000) - (offset ?? 0) * 60, 1],
  z: (_date, { offset }, flags) =>
    offset === null ? '' : writtenOffset(offset, flags.includes(':') ? ':' : ''),
  Z: (_date, { zone }) => zone,
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

const COMPOUND: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  c: '%a %b %e %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  r: '%I:%M:%S %p',
};

/** Writes a moment the way `strftime` does, in English whatever the server's language is. */
export function strftime(moment: Moment, format: string): string {
  const date = new Date(moment.wall);
  return format.replace(DIRECTIVE, (whole, flags: string, width: string, name: string) => {
    const compound = Object.hasOwn(COMPOUND, name) ? COMPOUND[name] : undefined;
    if (compound !== undefined) return strftime(moment, compound);
    const directive = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
    return directive === undefined ? whole : padded(directive(date, moment, flags), flags, Number(width));
  });
}

function padded(written: Written, flags: string, asked: number): string {
  const [value, width, usual = '0'] = typeof written === 'string' ? ([written, 0, ' '] as const) : written;
  const length = flags.includes('-') ? 0 : asked || width;
  const text = pad(value, length, paddingOf(flags) ?? usual);
  if (flags.includes('^')) return text.toUpperCase();
  return flags.includes('#') ? swapped(text) : text;
}

function paddingOf(flags: string): string | undefined {
  if (flags.includes('_')) return ' ';
  return flags.includes('0') ? '0' : undefined;
}

function pad(value: string | number, length: number, padding: string): string {
  const isNegative = typeof value === 'number' && value < 0;
  return isNegative ? `-${pad(-value, length - 1, padding)}` : String(value).padStart(length, padding);
}

function swapped(text: string): string {
  return /[a-z]/.test(text) ? text.toUpperCase() : text.toLowerCase();
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - startOfYear(date)) / DAY) + 1;
}

function startOfYear(date: Date): number {
  return new Date(0).setUTCFullYear(date.getUTCFullYear(), 0, 1);
}

function weekOfYear(date: Date, firstDay: number): number {
  const since = (date.getUTCDay() - firstDay + 7) % 7;
  return Math.floor((dayOfYear(date) - 1 - since + 7) / 7);
}

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}
