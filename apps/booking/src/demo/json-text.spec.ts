import { readableJson } from './json-text.js';

describe('readableJson', () => {
  it('leaves on one line what fits', () => {
    expect(readableJson({ a: 1, b: ['x', null], c: {} }, 40)).toBe('{ "a": 1, "b": ["x", null], "c": {} }');
  });

  it('gives each field of a small object its line', () => {
    expect(readableJson({ first: 'one', second: { third: true } }, 40)).toBe(
      '{\n  "first": "one",\n  "second": { "third": true }\n}',
    );
  });

  it('lets the fields of a large object share lines, no longer than asked', () => {
    const text = readableJson({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 }, 30);
    expect(text).toBe('{\n  "a": 1, "b": 2, "c": 3,\n  "d": 4, "e": 5, "f": 6,\n  "g": 7, "h": 8\n}');
  });

  it('loses nothing', () => {
    const value = { list: [{ a: 'x'.repeat(30), b: [1, 2] }, 'ü "quoted"'], empty: [], none: null };
    expect(JSON.parse(readableJson(value, 20))).toEqual(value);
  });
});
