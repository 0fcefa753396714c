import { SubscriptionInvalidError } from '../../errors/subscription-invalid-error.js';
import { cpuTime } from '../../internal/cpu-time.spec-support.js';
import { InputIssues } from '../input-issues.js';
import { parseFilter } from './parse-filter.js';

function parse(value: unknown): unknown {
  const issues = new InputIssues();
  const filter = parseFilter(value, issues);
  issues.throwIfAny();
  return filter;
}

function issuesOf(value: unknown): string[] {
  try {
    parse(value);
  } catch (error) {
    if (error instanceof SubscriptionInvalidError) return error.issues.map(({ path }) => path);
    throw error;
  }
  return [];
}

function nested(depth: number, innermost: unknown): unknown {
  let filter = innermost;
  for (let level = 0; level < depth; level++) filter = { $not: filter };
  return filter;
}

function circle(): unknown {
  const filter: Record<string, unknown> = {};
  return Object.assign(filter, { $not: filter });
}

describe('the form of a filter', () => {
  it('is kept as it was written', () => {
    const filter = {
      total_amount: { $gt: 500, $lte: 1e6 },
      provider: { $in: ['IB', 'BA'] },
      pnr: null,
      $or: [{ 'segments.origin': 'MAD' }, { $not: { tags: { $not: { $startsWith: 'v' } } } }],
    };
    expect(parse(filter)).toEqual(filter);
    expect(parse(filter)).not.toBe(filter);
  });

  it.each([undefined, null, {}])('may be absent: %j', (nothing) => {
    expect(parse(nothing)).toBeNull();
  });

  it.each<[string, unknown, string]>([
    ['a list', [], 'filter'],
    ['a text', 'total_amount > 500', 'filter'],
    ['an unknown operator', { a: { $gtt: 5 } }, 'filter.a.$gtt'],
    ['a regular expression', { a: { $regex: '(a+)+$' } }, 'filter.a.$regex'],
    ['a function', { $where: 'this.a' }, 'filter.$where'],
    ['an operator without a field', { $gt: 5 }, 'filter.$gt'],
    ['a group beside a field', { a: { $or: [{ $gt: 5 }] } }, 'filter.a.$or'],
    ['an object to compare with', { a: { b: 1 } }, 'filter.a.b'],
    ['no operator', { a: {} }, 'filter.a'],
    ['a list to compare with', { a: ['x'] }, 'filter.a'],
    ['undefined to compare with', { a: undefined }, 'filter.a'],
    ['NaN', { a: { $gt: Number.NaN } }, 'filter.a.$gt'],
    ['infinity', { a: Infinity }, 'filter.a'],
    ['a big integer', { a: 10n }, 'filter.a'],
    ['a date', { a: { $gt: new Date(0) } }, 'filter.a.$gt'],
    ['an order of booleans', { a: { $lt: true } }, 'filter.a.$lt'],
    ['an order of null', { a: { $gte: null } }, 'filter.a.$gte'],
    ['$in without a list', { a: { $in: 'IB' } }, 'filter.a.$in'],
    ['$in of nothing', { a: { $in: [] } }, 'filter.a.$in'],
    ['$nin of objects', { a: { $nin: [{}] } }, 'filter.a.$nin'],
    ['a list with holes', { a: { $in: Array(3) } }, 'filter.a.$in'],
    ['$exists with a text', { a: { $exists: 'yes' } }, 'filter.a.$exists'],
    ['a part that is no text', { a: { $contains: 5 } }, 'filter.a.$contains'],
    ['an empty part', { a: { $startsWith: '' } }, 'filter.a.$startsWith'],
    ['$not with a value', { a: { $not: 'IB' } }, 'filter.a.$not'],
    ['$not of nothing', { $not: {} }, 'filter.$not'],
    ['$and without a list', { $and: { a: 1 } }, 'filter.$and'],
    ['$or of nothing', { $or: [] }, 'filter.$or'],
    ['an empty filter among several', { $or: [{ a: 1 }, {}] }, 'filter.$or[1]'],
    ['a value among several', { $and: [{ a: 1 }, 5] }, 'filter.$and[1]'],
    ['an empty path', { '': 1 }, 'filter.'],
    ['an empty step', { 'a..b': 1 }, 'filter.a..b'],
    ['a path of many steps', { [Array(11).fill('a').join('.')]: 1 }, 'filter.a.a.a.a.a.a.a.a.a.a.a'],
  ])('is refused with %s', (_name, filter, path) => {
    expect(issuesOf(filter)).toContain(path);
  });

  it('names everything that is wrong, and what was probably meant', () => {
    const filter = { a: { $gtt: 5 }, b: { $in: 'IB' } };
    expect(issuesOf(filter)).toEqual(['filter.a.$gtt', 'filter.b.$in']);
    expect(() => parse(filter)).toThrow('Did you mean "$gt"?');
    expect(() => parse({ $ro: [{ a: 1 }] })).toThrow('Did you mean "$or"?');
  });

  describe('has bounds', () => {
    it.each<[string, unknown]>([
      ['groups in groups', nested(9, { a: 1 })],
      ['a long list', { a: { $in: Array.from({ length: 1_000 }, (_, index) => index) } }],
      ['many fields', Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 1]))],
    ])('within which there is room for %s', (_name, filter) => {
      expect(issuesOf(filter)).toEqual([]);
    });

    it.each<[string, () => unknown]>([
      ['11 groups in each other', () => nested(11, { a: 1 })],
      ['100,000 groups in each other', () => nested(100_000, { a: 1 })],
      ['100,000 operators in each other', () => ({ a: nested(100_000, { $eq: 1 }) })],
      ['a circle', circle],
      ['a list of 1,001', () => ({ a: { $in: Array(1_001).fill(1) } })],
      ['a list of a million', () => ({ a: { $in: Array(1_000_000).fill('x') } })],
      ['101 fields', () => Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, 1]))],
      ['a million groups', () => ({ $or: Array(1_000_000).fill({ a: 1 }) })],
      ['a text of 1 MB', () => ({ a: 'x'.repeat(1_000_000) })],
      ['a path of 1 MB', () => ({ ['x'.repeat(1_000_000)]: 1 })],
      ['an operator of 1 MB', () => ({ a: { [`$${'x'.repeat(1_000_000)}`]: 1 } })],
      ['a path of a million dots', () => ({ ['.'.repeat(1_000_000)]: 1 })],
    ])('that %s exceed: they are refused at once, and briefly', (_name, filter) => {
      const hostile = filter();
      const start = cpuTime();
      let message = '';
      try {
        parse(hostile);
      } catch (error) {
        message =
          error instanceof SubscriptionInvalidError ? error.issues.map(String).join() + error.message : '';
      }
      expect(message).not.toBe('');
      expect(message.length).toBeLessThan(10_000);
      expect(cpuTime() - start).toBeLessThan(1_000);
    });
  });
});
