import { checkFlights, checkParty, countParty } from './booking-rules.js';
import type { PassengerType } from './entities/passenger.entity.js';

function party(...types: PassengerType[]): { type: PassengerType }[] {
  return types.map((type) => ({ type }));
}

/** `1 MAD LHR 10 12`: leg, from, to, hours of departure and arrival. */
function flights(...lines: string[]) {
  const at = (hour = ''): Date => new Date(Date.UTC(2026, 3, 18, Number(hour)));
  return lines.map((line, index) => {
    const [leg, origin = '', destination = '', departure, arrival] = line.split(' ');
    const times = { departureAt: at(departure), arrivalAt: at(arrival) };
    return { ref: `SEG${index + 1}`, leg: Number(leg), origin, destination, ...times };
  });
}

describe('party', () => {
  it('is counted by type', () => {
    expect(countParty(party('ADT', 'CHD', 'ADT', 'INF'))).toEqual({ ADT: 2, CHD: 1, INF: 1 });
  });

  it('may be a child alone, or as many infants as adults', () => {
    expect(() => checkParty(party('CHD'))).not.toThrow();
    expect(() => checkParty(party('ADT', 'INF'))).not.toThrow();
  });

  it('has at least one passenger with a seat', () => {
    expect(() => checkParty([])).toThrow('at least one passenger');
    expect(() => checkParty(party('INF'))).toThrow('at least one passenger');
  });

  it('has no infant without a lap', () => {
    expect(() => checkParty(party('ADT', 'INF', 'INF'))).toThrow('2 infants need as many adults');
    expect(() => checkParty(party('CHD', 'INF'))).toThrow('1 infants need as many adults');
  });
});

describe('flights', () => {
  it('may change planes within a leg and leave from elsewhere on the next', () => {
    expect(() => checkFlights(flights('1 MAD LHR 8 10', '1 LHR JFK 10 18', '2 EWR MAD 20 28'))).not.toThrow();
  });

  it.each([
    { why: 'the first leg is missing', trip: flights('2 MAD LHR 8 10'), message: 'belongs to leg 1' },
    { why: 'it lands before it leaves', trip: flights('1 MAD LHR 10 9'), message: 'SEG1 lands before' },
    { why: 'two overlap', trip: flights('1 MAD LHR 8 12', '2 LHR MAD 11 13'), message: 'SEG2 leaves before' },
    { why: 'a leg is left out', trip: flights('1 MAD LHR 8 9', '3 LHR MAD 10 11'), message: 'as leg 3' },
    {
      why: 'a connection is torn',
      trip: flights('1 MAD LHR 8 9', '1 LGW JFK 10 18'),
      message: 'lands at LHR',
    },
  ])('are refused when $why', ({ trip, message }) => {
    expect(() => checkFlights(trip)).toThrow(message);
  });
});
