import { formatInstant, instantOf } from './zoned-time.js';

describe('zoned time', () => {
  it.each([
    { what: 'summer time', local: '2026-04-18T11:45:00', zone: 'Europe/Madrid', at: '2026-04-18T09:45:00Z' },
    { what: 'winter time', local: '2026-01-18T11:45:00', zone: 'Europe/Madrid', at: '2026-01-18T10:45:00Z' },
    { what: 'midnight', local: '2026-04-18T00:00:00', zone: 'Europe/London', at: '2026-04-17T23:00:00Z' },
    { what: 'half hours', local: '2026-04-18T12:00:00', zone: 'Asia/Kolkata', at: '2026-04-18T06:30:00Z' },
    {
      what: 'minutes before a gap',
      local: '2026-03-29T01:59:59',
      zone: 'Europe/Madrid',
      at: '2026-03-29T00:59:59Z',
    },
    {
      what: 'the hour after an overlap',
      local: '2026-10-25T03:00:00',
      zone: 'Europe/Madrid',
      at: '2026-10-25T02:00:00Z',
    },
  ])('knows the instant of $what', ({ local, zone, at }) => {
    expect(formatInstant(instantOf(local, zone))).toBe(at);
  });

  it('takes the later instant for a local time that the clocks skip', () => {
    expect(formatInstant(instantOf('2026-03-29T02:30:00', 'Europe/Madrid'))).toBe('2026-03-29T01:30:00Z');
    expect(formatInstant(instantOf('2026-10-04T02:15:00', 'Australia/Lord_Howe'))).toBe(
      '2026-10-03T15:45:00Z',
    );
  });

  it('takes the earlier instant for a local time that the clocks show twice', () => {
    expect(formatInstant(instantOf('2026-10-25T02:30:00', 'Europe/Madrid'))).toBe('2026-10-25T00:30:00Z');
    expect(formatInstant(instantOf('2026-11-01T01:30:00', 'America/New_York'))).toBe('2026-11-01T05:30:00Z');
  });

  it('copes with a zone that skips a whole day', () => {
    expect(formatInstant(instantOf('2011-12-30T12:00:00', 'Pacific/Apia'))).toBe('2011-12-30T22:00:00Z');
  });

  it('puts Auckland to Honolulu in order although it lands on an earlier local day', () => {
    const departure = instantOf('2026-06-02T00:15:00', 'Pacific/Auckland');
    const arrival = instantOf('2026-06-01T10:55:00', 'Pacific/Honolulu');
    expect([departure, arrival].map(formatInstant)).toEqual(['2026-06-01T12:15:00Z', '2026-06-01T20:55:00Z']);
  });

  it.each(['2026-02-30T10:00:00', '2026-04-18T24:00:00', '2026-04-18 11:45:00', '2026-04-18T11:45:00Z', ''])(
    'refuses "%s" as a local time',
    (local) => {
      expect(() => instantOf(local, 'Europe/Madrid')).toThrow('is no local time');
    },
  );

  it('refuses a zone that does not exist', () => {
    expect(() => instantOf('2026-04-18T11:45:00', 'Europe/Narnia')).toThrow('Europe/Narnia is no time zone');
  });
});
