import { BookingError } from './booking-error.js';
import { advance, isClosed, ORDER_STATUS_TEXTS } from './order-status.js';
import type { OrderStatus } from './order-status.js';

const ALL = Object.keys(ORDER_STATUS_TEXTS) as OrderStatus[];
const ALLOWED = [
  'new→on_hold',
  'new→ticketing',
  'on_hold→ticketing',
  'on_hold→cancelled',
  'ticketing→ticketed',
  'ticketing→on_hold',
  'ticketing→cancelled',
  'ticketed→ticketing',
  'ticketed→cancelled',
];
const STEPS = (['new', ...ALL] as const).flatMap((from) => ALL.map((to) => ({ from, to })));

describe('order status', () => {
  it.each(STEPS.filter(({ from, to }) => ALLOWED.includes(`${from}→${to}`)))(
    'lets an order go $from → $to',
    ({ from, to }) => {
      expect(advance(from, to)).toBe(to);
    },
  );

  it.each(STEPS.filter(({ from, to }) => !ALLOWED.includes(`${from}→${to}`)))(
    'refuses $from → $to',
    ({ from, to }) => {
      expect(() => advance(from, to)).toThrow(BookingError);
    },
  );

  it('names both statuses as partners know them when it refuses a step', () => {
    expect(() => advance('ticketed', 'on_hold')).toThrow('An order that is ticketed cannot become on hold.');
  });

  it('closes an order for good once it is cancelled or failed', () => {
    expect(ALL.filter(isClosed)).toEqual(['cancelled', 'failed']);
  });
});
