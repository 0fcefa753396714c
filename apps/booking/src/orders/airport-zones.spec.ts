import { zoneOf } from './airport-zones.js';
import { airportTime, instantOf } from './zoned-time.js';

describe('airport times', () => {
  it.each([
    ['MAD', 'Europe/Madrid'],
    ['AKL', 'Pacific/Auckland'],
    ['HNL', 'Pacific/Honolulu'],
    ['KTM', 'Asia/Kathmandu'],
    ['LDH', 'Australia/Lord_Howe'],
  ])('know the zone of %s', (airport, zone) => {
    expect(zoneOf(airport)).toBe(zone);
  });

  it('say what to do about an airport that is not known', () => {
    expect(() => zoneOf('XQX')).toThrow('The time zone of XQX is not known here: send it (IANA)');
  });

  it('take an offset at its word in the hour that clocks repeat', () => {
    const time = (offset: string) => airportTime(`2026-10-25T02:30:00${offset}`, 'Europe/Madrid');
    expect(time('').at).toEqual(time('+02:00').at);
    expect(time('+02:00').at.toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(time('+01:00')).toEqual({
      local: '2026-10-25T02:30:00',
      tz: 'Europe/Madrid',
      at: new Date('2026-10-25T01:30:00Z'),
    });
  });

  it('show what the clocks show when an offset names a time that they skip', () => {
    expect(airportTime('2026-03-29T02:30:00+01:00', 'Europe/Madrid')).toMatchObject({
      local: '2026-03-29T03:30:00',
      at: instantOf('2026-03-29T02:30:00', 'Europe/Madrid'),
    });
  });

  it.each(['2026-02-30T10:00:00+01:00', '2026-13-01T10:00:00'])('refuse %s', (text) => {
    expect(() => airportTime(text, 'Europe/Madrid')).toThrow('is no local time');
  });
});
