import { parseInstant } from './parse-instant.js';

describe('instants', () => {
  it.each([
    ['2026-04-18', '2026-04-18T00:00:00.000Z'],
    ['2026-04-18T11:45Z', '2026-04-18T11:45:00.000Z'],
    ['2026-04-18T11:45:00.123456+02:00', '2026-04-18T09:45:00.123Z'],
    ['2028-02-29T23:59:59-14:00', '2028-03-01T13:59:59.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(new Date(parseInstant(text)).toISOString()).toBe(instant);
  });

  it.each([
    ...['2026-02-29T00:00:00Z', '2026-02-30T00:00:00Z', '2026-04-31', '2026-13-01T00:00:00Z', '2026-00-10'],
    ...['2026-04-18T25:00:00Z', '2026-04-18T11:45:00+99:00', 'yesterday', ''],
  ])('%j is none', (text) => {
    expect(parseInstant(text)).toBeNaN();
  });
});
