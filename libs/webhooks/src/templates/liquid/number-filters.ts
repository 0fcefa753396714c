import { numberOf, type Filter } from './filter.js';

function maths(least: number, most: number, compute: (...numbers: number[]) => number): Filter {
  return {
    args: [least, most],
    gives: 'number',
    run: (_memory, value, ...args) => compute(numberOf(value), ...args.map(numberOf)),
  };
}

/** Moves the decimal point in the written number, so that 1.005 is not 1.00499… */
function shifted(number: number, digits: number): number {
  const [mantissa = '0', power = '0'] = String(number).split('e');
  return Number(`${mantissa}e${Number(power) + digits}`);
}

/** Rounds half away from zero, as money is rounded. */
function rounded(number: number, digits = 0): number {
  const places = Math.max(-15, Math.min(15, Math.trunc(digits)));
  const scaled = shifted(Math.abs(number), places);
  if (!(scaled <= Number.MAX_SAFE_INTEGER)) return number;
  return Math.sign(number) * shifted(Math.round(scaled), -places);
}

function modulo(number: number, divisor: number): number {
  return ((number % divisor) + divisor) % divisor;
}

const money: Filter = {
  args: [0, 1],
  gives: 'text',
  run(_memory, value, decimals = 2) {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return null;
    return fixed(number, Math.max(0, Math.min(10, Math.trunc(numberOf(decimals)))));
  },
};

function fixed(number: number, places: number): string {
  // Adding 0 turns -0 into 0.
  const amount = rounded(number, places) + 0;
  if (Math.abs(amount) < 1e21) return amount.toFixed(places);
  return BigInt(amount) + (places === 0 ? '' : `.${'0'.repeat(places)}`);
}

/** Filters that compute with numbers. */
export const NUMBER_FILTERS: Readonly<Record<string, Filter>> = {
  abs: maths(0, 0, Math.abs),
  ceil: maths(0, 0, Math.ceil),
  floor: maths(0, 0, Math.floor),
  round: maths(0, 1, rounded),
  plus: maths(1, 1, (left, right = 0) => left + right),
  minus: maths(1, 1, (left, right = 0) => left - right),
  times: maths(1, 1, (left, right = 0) => left * right),
  divided_by: maths(1, 1, (left, right = 0) => left / right),
  modulo: maths(1, 1, (left, right = 0) => modulo(left, right)),
  at_least: maths(1, 1, (left, right = 0) => Math.max(left, right)),
  at_most: maths(1, 1, (left, right = 0) => Math.min(left, right)),
  money,
};
