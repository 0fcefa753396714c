import { isWildcard, matcher, matches } from './matching.js';

describe('matching event types', () => {
  it.each([
    ['OrderTicketed', 'OrderTicketed', true],
    ['OrderTicketed', 'OrderTicketedAgain', false],
    ['OrderTicketed', 'orderticketed', false],
    ['Order*', 'OrderTicketed', true],
    ['Order*', 'Order', true],
    ['Order*', 'order.ticketed', false],
    ['Order*', 'ReOrder', false],
    ['*', 'Anything', true],
    ['order.*', 'orderXticketed', false],
    ['', 'OrderTicketed', false],
  ])('%j means %j: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
    expect(matcher([pattern])(name)).toBe(expected);
  });

  it('is satisfied by any of several patterns, and by none of none', () => {
    const wanted = matcher(['OrderCanceled', 'Airline*']);
    expect(['OrderCanceled', 'AirlineStatusChanged', 'OrderCreated'].map(wanted)).toEqual([
      true,
      true,
      false,
    ]);
    expect(matcher([])('OrderCreated')).toBe(false);
  });

  it('takes only a star at the end for a wildcard', () => {
    expect([isWildcard('*'), isWildcard('Order*'), isWildcard('Or*er')]).toEqual([true, true, false]);
  });
});
