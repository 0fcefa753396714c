import { retryAfterMs } from './retry-after.js';

const NOW = Date.UTC(2026, 10, 8, 12, 0, 0);
const DAY = 86_400_000;

describe('Retry-After', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['1', 1_000],
    ['120', 120_000],
    [' 120 ', 120_000],
    ['0030', 30_000],
    ['86400', DAY],
    ['86401', DAY],
    ['999999999', DAY],
    ['1000000000', DAY],
    ['9'.repeat(400), DAY],
    ['Sun, 08 Nov 2026 12:02:00 GMT', 120_000],
    ['Sun, 08 Nov 2026 11:00:00 GMT', 0],
    ['Sat, 01 Jan 2000 00:00:00 GMT', 0],
    ['Mon, 09 Nov 2026 12:00:00 GMT', DAY],
    ['Fri, 31 Dec 2100 00:00:00 GMT', DAY],
    ['Sunday, 08-Nov-26 12:02:00 GMT', 120_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Sunday, 08-Nov-76 12:02:00 GMT', DAY],
    ['Monday, 08-Nov-77 12:02:00 GMT', 0],
    ['Sun Nov  8 12:02:00 2026', 120_000],
    ['Tue Nov 10 12:02:00 2026', DAY],
    ['Sun Nov  6 08:49:37 1994', 0],
  ])('%j asks for %d ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });

  it.each([
    ...[undefined, '', ' ', 'soon', '-1', '+5', '1.5', '1e3', '0x10', '5s', '5, 6', 'NaN', 'Infinity'],
    ...['٥', '2026-11-08T12:02:00Z', 'Sunday, 08-Nov-2026 12:02:00 GMT', 'Sun, 08-Nov-26 12:02:00 GMT'],
    ...['Sun Nov 8 12:02:00 2026', 'Sun Nov  8 12:02:00 26', 'Sun Nov  8 12:02:00 2026 GMT'],
    ...['Sun, 8 Nov 2026 12:02:00 GMT', 'Sun, 08 Nov 2026 12:02:00 CET', 'Sun, 08 Foo 2026 12:02:00 GMT'],
    ...['Sun, 99 Nov 2026 12:02:00 GMT', 'Sun, 08 Nov 2026 99:02:00 GMT', 'Sun, 08 Nov 2026 12:02:00 GMT; x'],
  ])('%j says nothing', (header) => {
    expect(retryAfterMs(header, NOW)).toBeNull();
  });
});
