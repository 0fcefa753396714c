import { itineraryOf } from './itinerary.js';
import type { Flight } from './itinerary.js';

/** `1 MAD LHR HK`: leg, from, to, status. */
function flights(...lines: string[]): Flight[] {
  return lines.map((line, index) => {
    const [leg, origin = '', destination = '', status = 'HK', supersededBy = null] = line.split(' ');
    return { leg: Number(leg), position: index + 1, origin, destination, status, supersededBy };
  });
}

describe('itinerary', () => {
  it('calls one leg a one-way trip, also with a change of planes', () => {
    expect(itineraryOf(flights('1 MAD LHR', '1 LHR JFK'))).toEqual({
      bookingType: 'One Way',
      origin: 'MAD',
      destination: 'JFK',
      fullPath: 'MAD-LHR, LHR-JFK',
    });
  });

  it('names the turn-around point as the destination of a round trip', () => {
    expect(itineraryOf(flights('1 MAD LHR', '2 LHR MAD'))).toEqual({
      bookingType: 'Round Trip',
      origin: 'MAD',
      destination: 'LHR',
      fullPath: 'MAD-LHR, LHR-MAD',
    });
  });

  it('compares whole legs, not single flights, to see a round trip', () => {
    const trip = itineraryOf(flights('1 MAD LHR', '1 LHR JFK', '2 JFK MAD'));
    expect([trip.bookingType, trip.destination]).toEqual(['Round Trip', 'JFK']);
  });

  it.each([
    { trip: flights('1 MAD LHR', '2 LGW MAD'), destination: 'MAD' },
    { trip: flights('1 MAD LHR', '2 LHR CDG'), destination: 'CDG' },
    { trip: flights('1 MAD LHR', '2 LHR MAD', '3 MAD BCN'), destination: 'BCN' },
  ])('calls everything else multicity, ending at $destination', ({ trip, destination }) => {
    expect(itineraryOf(trip)).toMatchObject({ bookingType: 'Multicity', destination });
  });

  it('reads the flights in travel order, however they are stored', () => {
    expect(itineraryOf(flights('1 MAD LHR', '2 LHR MAD').reverse()).fullPath).toBe('MAD-LHR, LHR-MAD');
  });

  it('leaves out flights that the airline cancelled and those that were replaced', () => {
    const trip = flights('1 MAD LHR', '2 LHR MAD UN', '3 MAD BCN HK seg-9', '3 MAD VLC TK');
    expect(itineraryOf(trip)).toMatchObject({ bookingType: 'Multicity', fullPath: 'MAD-LHR, MAD-VLC' });
  });

  it('keeps the last state of a trip whose flights are all gone', () => {
    expect(itineraryOf(flights('1 MAD LHR UN', '2 LHR MAD HX')).fullPath).toBe('MAD-LHR, LHR-MAD');
  });

  it('refuses a trip without flights', () => {
    expect(() => itineraryOf([])).toThrow('at least one flight');
  });
});
