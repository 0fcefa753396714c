import { compileFilter } from './compile-filter.js';
import type { ContentFilter } from './content-filter.js';
import { EVENT, ORDER } from './order.spec-support.js';

function passes(filter: ContentFilter, data: Record<string, unknown> = EVENT): boolean {
  return compileFilter(filter, ORDER)(data);
}

describe('a compiled filter', () => {
  it.each<[ContentFilter, boolean]>([
    [{ provider: 'IB' }, true],
    [{ provider: { $eq: 'BA' } }, false],
    [{ provider: { $ne: 'BA' } }, true],
    [{ total_amount: 812.5 }, true],
    [{ total_amount: { $gt: 812.5 } }, false],
    [{ total_amount: { $gte: 812.5 } }, true],
    [{ total_amount: { $lt: 1_000, $gt: 500 } }, true],
    [{ total_amount: { $lte: 812 } }, false],
    [{ refundable: false }, true],
    [{ provider: { $in: ['BA', 'IB'] } }, true],
    [{ provider: { $nin: ['BA', 'IB'] } }, false],
    [{ occurred_at: { $gte: '2026-03-10', $lt: '2026-03-11' } }, true],
    [{ event_type: { $endsWith: 'Ticketed' } }, true],
    [{ event_type: { $startsWith: 'order' } }, false],
    [{ event_id: { $contains: 't_' } }, true],
    [{ provider: { $not: { $startsWith: 'I' } } }, false],
    [{ $not: { provider: 'BA', refundable: false } }, true],
    [{ $or: [{ provider: 'BA' }, { total_amount: { $gt: 800 } }] }, true],
    [{ $and: [{ provider: 'IB' }, { total_amount: { $gt: 900 } }] }, false],
    [{ provider: 'IB', refundable: true }, false],
    [{ sequence: 3 }, true],
  ])('of %j gives %j', (filter, expected) => {
    expect(passes(filter)).toBe(expected);
  });

  describe('takes a field that is absent', () => {
    it.each<[ContentFilter, boolean]>([
      [{ pnr: null }, true],
      [{ pnr: { $ne: null } }, false],
      [{ pnr: { $in: ['A', null] } }, true],
      [{ pnr: { $ne: 'A' } }, true],
      [{ pnr: { $startsWith: 'A' } }, false],
      [{ pnr: { $lt: 'A' } }, false],
      [{ pnr: { $exists: true } }, false],
      [{ pnr: { $exists: false } }, true],
      [{ 'contact.email': null }, true],
      [{ 'contact.email': { $exists: true } }, false],
    ])('for null: %j gives %j', (filter, expected) => {
      expect(passes(filter, {})).toBe(expected);
      expect(passes(filter, { contact: null })).toBe(expected);
    });

    it('and one that is null is there', () => {
      expect(passes({ pnr: { $exists: true } }, { pnr: null })).toBe(true);
      expect(passes({ pnr: null }, { pnr: null })).toBe(true);
    });
  });

  describe('takes a list for its elements', () => {
    it.each<[ContentFilter, boolean]>([
      [{ tags: 'vip' }, true],
      [{ tags: { $in: ['x', 'group'] } }, true],
      [{ tags: { $contains: 'rou' } }, true],
      [{ tags: { $ne: 'vip' } }, false],
      [{ tags: { $nin: ['x', 'y'] } }, true],
      [{ 'segments.origin': 'LHR' }, true],
      [{ 'segments.origin': { $ne: 'LHR' } }, false],
      [{ 'segments.origin': null }, true],
      [{ 'segments.origin': { $exists: true } }, true],
      [{ 'segments.stops': { $gt: 4 } }, true],
      [{ 'segments.stops': { $gt: 4, $lt: 2 } }, true],
      [{ 'segments.stops': { $gt: 5 } }, false],
      [{ 'segments.carrier.code': 'BA' }, true],
      [{ 'notes.text': 'late' }, true],
      [{ notes: 'deep' }, true],
    ])('any of them: %j gives %j', (filter, expected) => {
      expect(passes(filter)).toBe(expected);
    });

    it('which an empty one does not have', () => {
      const nothing = { tags: [], segments: [] };
      expect(passes({ tags: { $exists: true } }, nothing)).toBe(true);
      expect(passes({ tags: null }, nothing)).toBe(false);
      expect(passes({ tags: { $ne: 'vip' } }, nothing)).toBe(true);
      expect(passes({ 'segments.origin': { $exists: true } }, nothing)).toBe(false);
      expect(passes({ 'segments.origin': { $nin: ['MAD', null] } }, nothing)).toBe(true);
    });
  });

  it('compares only what is of the operand’s type', () => {
    expect(passes({ notes: 5 }, { notes: '5' })).toBe(false);
    expect(passes({ notes: { $gte: 0 } }, { notes: null })).toBe(false);
    expect(passes({ notes: { $lt: 'b' } }, { notes: 1 })).toBe(false);
    expect(passes({ notes: true }, { notes: 1 })).toBe(false);
    expect(passes({ notes: { $contains: '1' } }, { notes: 11 })).toBe(false);
    expect(passes({ notes: { $ne: '5' } }, { notes: { $ne: '5' } })).toBe(true);
  });

  it('knows a field by its alias, also one of a list’s elements', () => {
    expect(passes({ total: { $gt: 800 } })).toBe(true);
    expect(passes({ 'segments.from': 'MAD' })).toBe(true);
  });

  it('reads nothing but own fields', () => {
    expect(passes({ 'extra.constructor': { $exists: true } }, { extra: {} })).toBe(false);
    expect(passes({ 'extra.__proto__': { $exists: true } }, { extra: {} })).toBe(false);
    const data = JSON.parse('{"extra":{"__proto__":{"admin":true}}}') as Record<string, unknown>;
    expect(passes({ 'extra.__proto__.admin': true }, data)).toBe(true);
    expect(passes({ 'extra.admin': { $exists: true } }, data)).toBe(false);
    expect(passes({ 'notes.length': { $exists: true } }, { notes: [1] })).toBe(false);
  });

  it.each<[string, ContentFilter, string, string | undefined]>([
    ['a field', { total_amont: 5 }, 'filter.total_amont', 'total_amount'],
    ['a field inside', { 'segments.orign': 'MAD' }, 'filter.segments.orign', 'origin'],
    ['a field in a group', { $or: [{ provider: 'IB' }, { pmr: 'A' }] }, 'filter.$or[1].pmr', 'pnr'],
    ['a field under $not', { $not: { tagz: 'vip' } }, 'filter.$not.tagz', 'tags'],
    ['a prototype', { __proto__x: 1 }, 'filter.__proto__x', undefined],
    ['an own __proto__', JSON.parse('{"__proto__":1}') as ContentFilter, 'filter.__proto__', undefined],
    ['a constructor', { 'constructor.name': 'x' }, 'filter.constructor.name', undefined],
    ['a text’s length', { 'provider.length': 2 }, 'filter.provider.length', undefined],
  ])('is refused for %s that does not exist', (_name, filter, path, suggestion) => {
    expect(() => passes(filter)).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_UNKNOWN_FIELD', path, ...(suggestion && { suggestion }) }),
    );
  });

  it.each<[ContentFilter, string]>([
    [{ total_amount: '500' }, 'filter.total_amount'],
    [{ total_amount: { $gt: '500' } }, 'filter.total_amount.$gt'],
    [{ provider: { $gt: 5 } }, 'filter.provider.$gt'],
    [{ provider: { $in: ['IB', 5] } }, 'filter.provider.$in'],
    [{ total_amount: { $startsWith: '5' } }, 'filter.total_amount.$startsWith'],
    [{ refundable: 'true' }, 'filter.refundable'],
    [{ pnr: true }, 'filter.pnr'],
    [{ contact: 'ana@example.com' }, 'filter.contact'],
    [{ segments: 'MAD' }, 'filter.segments'],
    [{ tags: 5 }, 'filter.tags'],
    [{ 'segments.stops': 'MAD' }, 'filter.segments.stops'],
    [{ provider: { $not: { $lt: 5 } } }, 'filter.provider.$not.$lt'],
  ])('is refused for a field of another type: %j', (filter, path) => {
    expect(() => passes(filter)).toThrow(expect.objectContaining({ code: 'FILTER_TYPE_MISMATCH', path }));
  });

  it('says what the field is, and what to do', () => {
    expect(() => passes({ total_amount: '500' })).toThrow(
      'compares with a text, and "total_amount" is a number',
    );
    expect(() => passes({ contact: 'ana' })).toThrow('Name one of its fields, as "contact.…"');
  });

  it('may ask of every field whether it is there or null', () => {
    expect(passes({ contact: { $exists: true }, segments: { $ne: null }, total_amount: { $ne: null } })).toBe(
      true,
    );
  });

  it('survives lists in lists, and a million elements', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(passes({ notes: 'x' }, { notes: deep })).toBe(true);
    expect(passes({ notes: 'x' }, { notes: Array(1_000_000).fill('y') })).toBe(false);
  });

  it('never changes the event', () => {
    const before = JSON.stringify(EVENT);
    passes({ 'segments.stops': { $nin: [9] }, tags: { $exists: true } });
    expect(JSON.stringify(EVENT)).toBe(before);
  });
});
