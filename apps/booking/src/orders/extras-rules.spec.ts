import { checkSeats, passengerOf, segmentOf } from './extras-rules.js';

const ADULT = { id: 'p1', ref: 'PAX1', type: 'ADT' };
const CHILD = { id: 'p2', ref: 'PAX2', type: 'CHD' };
const INFANT = { id: 'p3', ref: 'PAX3', type: 'INF' };
const FAMILY = [ADULT, CHILD, INFANT];

const OUT = { id: 's1', ref: 'SEG1', leg: 1, position: 1, origin: 'MAD', destination: 'LHR' };
const BACK = { id: 's2', ref: 'SEG2', leg: 2, position: 2, origin: 'LHR', destination: 'MAD' };

function seat(passenger: { id: string }, segmentId: string, seatNumber: string) {
  return { passengerId: passenger.id, segmentId, seatNumber };
}

describe('extras', () => {
  it('belong to a passenger of the order', () => {
    expect(passengerOf({ passengers: FAMILY }, 'PAX2')).toBe(CHILD);
    expect(() => passengerOf({ passengers: FAMILY }, 'PAX9')).toThrow('no passenger PAX9');
  });

  it('belong to a flight that will be flown', () => {
    const segments = [
      { ...OUT, status: 'HK', supersededBy: null },
      { ...BACK, status: 'UN', supersededBy: null },
    ];
    expect(segmentOf({ segments }, 'SEG1')).toBe(segments[0]);
    expect(() => segmentOf({ segments }, 'SEG2')).toThrow('no live segment SEG2');
  });
});

describe('seats', () => {
  it('may be the same on another flight', () => {
    const seats = [seat(ADULT, 's1', '12A'), seat(CHILD, 's1', '12B'), seat(ADULT, 's2', '12A')];
    expect(() => checkSeats(FAMILY, seats)).not.toThrow();
  });

  it.each([
    { why: 'somebody sits there', seats: [seat(ADULT, 's1', '12A'), seat(CHILD, 's1', '12A')] },
    { why: 'the passenger has one', seats: [seat(ADULT, 's1', '12A'), seat(ADULT, 's1', '14C')] },
  ])('are refused as taken when $why', ({ seats }) => {
    expect(() => checkSeats(FAMILY, seats)).toThrow(expect.objectContaining({ code: 'SEAT_TAKEN' }));
  });

  it('are not for infants', () => {
    expect(() => checkSeats(FAMILY, [seat(INFANT, 's1', '12A')])).toThrow('PAX3 is an infant');
  });
});
