import { nearest } from './nearest.js';

describe('nearest', () => {
  const fields = ['agw_id', 'order_id', 'pnr', 'order_status', 'total_amount'];

  it.each([
    ['agwid', 'agw_id'],
    ['prn', 'pnr'],
    ['PNR', 'pnr'],
    ['order_statsu', 'order_status'],
    ['totalAmount', 'total_amount'],
  ])('finds for %s the name %s', (word, expected) => {
    expect(nearest(word, fields)).toBe(expected);
  });

  it('prefers the candidate of the same case', () => {
    expect(nearest('Pnr1', ['pnr', 'Pnr'])).toBe('Pnr');
  });

  it('takes the first one of equals', () => {
    expect(nearest('bax', ['bar', 'baz'])).toBe('bar');
  });

  it('suggests nothing when no candidate is near', () => {
    expect(nearest('passport', fields)).toBeUndefined();
    expect(nearest('x'.repeat(1_000_000), fields)).toBeUndefined();
    expect(nearest('pnr', [])).toBeUndefined();
  });
});
