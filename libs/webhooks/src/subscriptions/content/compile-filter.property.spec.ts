import fc from 'fast-check';
import { InputIssues } from '../input-issues.js';
import { compileFilter } from './compile-filter.js';
import type { ContentFilter } from './content-filter.js';
import { parseFilter } from './parse-filter.js';

type Json = Readonly<Record<string, unknown>>;

/** The page's rules once more, as slow and plain as they can be said. */
function naive(filter: Json, data: unknown): boolean {
  return Object.entries(filter).every(([name, value]) => {
    if (name === '$and') return (value as Json[]).every((each) => naive(each, data));
    if (name === '$or') return (value as Json[]).some((each) => naive(each, data));
    if (name === '$not') return !naive(value as Json, data);
    return naiveCondition(value, at(data, name.split('.')));
  });
}

function at(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (name === undefined) return [value];
  if (Array.isArray(value)) return value.flatMap((each) => at(each, [name, ...rest]));
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return at(members.find(([key]) => key === name)?.[1], rest);
}

function naiveCondition(condition: unknown, places: readonly unknown[]): boolean {
  if (typeof condition !== 'object' || condition === null) return naiveOperator('$eq', condition, places);
  return Object.entries(condition).every(([name, operand]) => naiveOperator(name, operand, places));
}

function naiveOperator(name: string, operand: unknown, places: readonly unknown[]): boolean {
  if (name === '$not') return !naiveCondition(operand, places);
  if (name === '$exists') return places.some((place) => place !== undefined) === operand;
  if (name === '$ne') return !naiveOperator('$eq', operand, places);
  if (name === '$nin') return !naiveOperator('$in', operand, places);
  const all = places.flatMap((place) =>
    Array.isArray(place) ? (place.flat(Infinity) as unknown[]) : [place],
  );
  return all.some((value) => NAIVE[name]!(value === undefined ? null : value, operand));
}

const NAIVE: Readonly<Record<string, (value: unknown, operand: unknown) => boolean>> = {
  $eq: (value, operand) => value === operand,
  $in: (value, operand) => (operand as unknown[]).some((each) => each === value),
  $gt: (value, operand) => typeof value === typeof operand && (value as number) > (operand as number),
  $gte: (value, operand) => typeof value === typeof operand && (value as number) >= (operand as number),
  $lt: (value, operand) => typeof value === typeof operand && (value as number) < (operand as number),
  $lte: (value, operand) => typeof value === typeof operand && (value as number) <= (operand as number),
  $startsWith: (value, part) => typeof value === 'string' && value.slice(0, String(part).length) === part,
  $endsWith: (value, part) => typeof value === 'string' && value.slice(-String(part).length) === part,
  $contains: (value, part) => typeof value === 'string' && value.indexOf(String(part)) >= 0,
};

// Few names and few values, so that conditions are met often.
const NAMES = ['a', 'b', '__proto__', 'constructor', 'length'];
const texts = fc.constantFrom('IB', 'BA', 'B', 'IBA', '1');
const numbers = fc.constantFrom(-1, 0, -0, 1, 1.5, 500);
const scalars = fc.oneof(texts, numbers, fc.boolean(), fc.constant(null));
const paths = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'a.b') },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
      .map((names) => names.join('.')),
  },
);

function recordOf<T>(
  names: fc.Arbitrary<string>,
  values: fc.Arbitrary<T>,
  minLength: number,
): fc.Arbitrary<Json> {
  return fc
    .array(fc.tuple(names, values), { minLength, maxLength: 3 })
    .map((entries) => Object.fromEntries(entries));
}

const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    recordOf(fc.constantFrom(...NAMES), tie('value'), 0),
  ),
}));
const events = fc.oneof(recordOf(fc.constantFrom(...NAMES), json, 0), fc.record({ a: json, b: json }));

const operands = {
  $eq: scalars,
  $ne: scalars,
  $in: fc.array(scalars, { minLength: 1, maxLength: 4 }),
  $nin: fc.array(scalars, { minLength: 1, maxLength: 4 }),
  ...Object.fromEntries(['$gt', '$gte', '$lt', '$lte'].map((name) => [name, fc.oneof(texts, numbers)])),
  ...Object.fromEntries(['$startsWith', '$endsWith', '$contains'].map((name) => [name, texts])),
  $exists: fc.boolean(),
};
const operator = fc.oneof(
  ...Object.entries(operands).map(([name, operand]) =>
    fc.record({ [name]: operand as fc.Arbitrary<unknown> }),
  ),
);
const operators = fc
  .array(operator, { minLength: 1, maxLength: 3 })
  .map((list) => Object.assign({}, ...list) as Json);
const conditions = fc.oneof(
  scalars,
  operators,
  operators.map(($not) => ({ $not })),
);
const { filter: filters } = fc.letrec<{ filter: Json }>((tie) => ({
  filter: fc.oneof(
    // Within the bounds: 4 records of at most 15 conditions.
    { maxDepth: 2, withCrossShrink: true },
    recordOf(paths, conditions, 1),
    fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map(($and) => ({ $and })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map(($or) => ({ $or })),
    tie('filter').map(($not) => ({ $not })),
  ),
}));

function expectAgreement(filter: Json, event: Json): void {
  const issues = new InputIssues();
  const parsed = parseFilter(filter, issues);
  issues.throwIfAny();
  const data = JSON.parse(JSON.stringify(event)) as Json;
  expect(compileFilter(parsed!, {})(data)).toBe(naive(filter, data));
}

describe('any filter of good form', () => {
  it('lets exactly those events pass that the plain reading of its rules does', () => {
    fc.assert(fc.property(filters, events, expectAgreement), { numRuns: 3_000 });
  });

  it('with one operator does, on a field of any value', () => {
    const value = fc.oneof(scalars, fc.array(scalars, { maxLength: 2 }));
    const filter = operator.map((a) => ({ a }));
    const event = fc.record({ a: value }, { requiredKeys: [] });
    fc.assert(fc.property(filter, event, expectAgreement), { numRuns: 5_000 });
  });

  it('means the same after it was stored', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const issues = new InputIssues();
        const once = parseFilter(filter, issues);
        expect(parseFilter(JSON.parse(JSON.stringify(once)), issues)).toEqual(
          JSON.parse(JSON.stringify(filter)),
        );
      }),
    );
  });
});

describe('anything at all in the place of a filter', () => {
  it('is either refused with an issue or can be compiled and evaluated', () => {
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
      filters,
    );
    fc.assert(
      fc.property(anything, events, (value, event) => {
        const issues = new InputIssues();
        const filter: ContentFilter | null = parseFilter(value, issues);
        if (!issues.isEmpty || filter === null) return;
        expect(typeof compileFilter(filter, {})(event)).toBe('boolean');
      }),
      { numRuns: 1_000 },
    );
  });
});
