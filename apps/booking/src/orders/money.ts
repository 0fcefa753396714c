import { BookingError } from './booking-error.js';

// ISO 4217. Intl.NumberFormat follows CLDR instead, which rounds some currencies to fewer digits than are booked.
const WITHOUT_MINOR_UNIT = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const WITH_THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');

/** How many decimals an amount of this ISO 4217 currency has. */
export function currencyExponent(currency: string): number {
  if (WITHOUT_MINOR_UNIT.includes(currency)) return 0;
  return WITH_THREE_DIGITS.includes(currency) ? 3 : 2;
}

/** Minor units as the JSON number that partners see: 41235 EUR is 412.35. */
export function toMajor(minor: number, currency: string): number {
  return minor / 10 ** currencyExponent(currency);
}

/**
 * A JSON number as minor units: 412.35 EUR is 41235.
 *
 * @throws BookingError `BOOKING_INVALID` when the amount has more decimals than the currency, or is too large to be exact.
 */
export function toMinor(major: number, currency: string): number {
  const exponent = currencyExponent(currency);
  const minor = Math.round(major * 10 ** exponent);
  if (Number.isSafeInteger(minor) && minor / 10 ** exponent === major) return minor;
  throw new BookingError(
    'BOOKING_INVALID',
    `${major} is no amount of ${currency}, which has ${exponent} decimals.`,
  );
}

/** What several things cost together, in minor units. */
export function sumOf(priced: readonly { readonly amountMinor: number }[]): number {
  return priced.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
