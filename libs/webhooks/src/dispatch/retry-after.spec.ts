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
    ['Sun, 08 Nov 2026 12:02:00 GMT', 120_000],
    ['Sun, 08 Nov 2026 11:00:00 GMT', 0],
    ['Sat, 01 Jan 2000 00:00:00 GMT', 0],
    ['Mon, 09 Nov 2026 12:00:00 GMT', DAY],
    ['Fri, 31 Dec 2100 00:00:00 GMT', DAY],
  ])('%j asks for %d ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });

  it.each([
    ...[undefined, '', ' ', 'soon', '-1', '+5', '1.5', '1e3', '0x10', '5s', '5, 6', 'NaN', 'Infinity'],
    ...[
      '1000000000',
      '٥',
      '2026-11-08T12:02:00Z',
      'Sunday, 08-Nov-26 12:02:00 GMT',
      'Sun Nov  8 12:02:00 2026',
    ],
    ...['Sun, 8 Nov 2026 12:02:00 GMT', 'Sun, 08 Nov 2026 12:02:00 CET', 'Sun, 08 Foo 2026 12:02:00 GMT'],
    ...['Sun, 99 Nov 2026 12:02:00 GMT', 'Sun, 08 Nov 2026 99:02:00 GMT', 'Sun, 08 Nov 2026 12:02:00 GMT; x'],
  ])('%j says nothing', (header) => {
    expect(retryAfterMs(header, NOW)).toBeNull();
  });
});
