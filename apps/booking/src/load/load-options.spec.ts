import { loadOptions } from './load-options.js';

describe('loadOptions', () => {
  it.each([
    [[], { orders: 5_000, rate: 500 }],
    [['--orders', '20'], { orders: 20, rate: 500 }],
    [['--rate=50', '--orders', '200000'], { orders: 200_000, rate: 50 }],
  ])('reads %j', (args, options) => {
    expect(loadOptions(args)).toEqual(options);
  });

  it.each([
    [['--help']],
    [['--orders']],
    [['--orders', '0']],
    [['--orders', '1.5']],
    [['--orders', '200001']],
    [['--rate', 'fast']],
    [['--speed', '5']],
  ])('refuses %j', (args) => {
    expect(loadOptions(args)).toBeNull();
  });
});
