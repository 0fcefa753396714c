import { toMajor, toMinor } from './money.js';

describe('money', () => {
  it.each([
    { currency: 'EUR', minor: 41235, major: 412.35 },
    { currency: 'JPY', minor: 41235, major: 41235 },
    { currency: 'KWD', minor: 41235, major: 41.235 },
    { currency: 'EUR', minor: 0, major: 0 },
  ])('shows $minor minor units of $currency as $major and reads them back', ({ currency, minor, major }) => {
    expect(toMajor(minor, currency)).toBe(major);
    expect(toMinor(major, currency)).toBe(minor);
  });

  it('does not lose a cent to binary fractions', () => {
    const cents = Array.from({ length: 2000 }, (_, index) => 100_000 + index);
    expect(cents.map((minor) => toMinor(toMajor(minor, 'EUR'), 'EUR'))).toEqual(cents);
  });

  it.each([
    { amount: 1.005, currency: 'EUR' },
    { amount: 0.5, currency: 'JPY' },
    { amount: 1e17, currency: 'EUR' },
    { amount: Number.NaN, currency: 'EUR' },
  ])('refuses $amount $currency', ({ amount, currency }) => {
    expect(() => toMinor(amount, currency)).toThrow(`is no amount of ${currency}`);
  });
});
