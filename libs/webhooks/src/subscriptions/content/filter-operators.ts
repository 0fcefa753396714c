import type { JsonType } from './json-types.js';

/** Judges the values that stand at a path; undefined is a field that is absent. */
export type Judge = (values: readonly unknown[]) => boolean;

type Test = (value: unknown) => boolean;

/** What an operator accepts beside itself, and what it does. */
export interface Operator {
  /** Null for an operand that it can work with, or what it must be. */
  problem(operand: unknown): string | null;
  /** What the field must be able to be: each of these. */
  needs(operand: unknown): readonly JsonType[];
  compile(operand: unknown): Judge;
}

const MAX_LIST = 1_000;
const SCALAR = 'It must be a text, a number, true, false or null.';
const LIST = `It must be a list of 1 to ${MAX_LIST} texts, numbers, true, false or null.`;

/** Every element of the lists, as if there were no lists. */
export function elementsOf(values: readonly unknown[]): readonly unknown[] {
  if (!values.some(Array.isArray)) return values;
  const found: unknown[] = [];
  const waiting: unknown[] = [values];
  while (waiting.length > 0) {
    const next = waiting.pop();
    // Pushed one by one: a spread of a long list would be too many arguments.
    if (Array.isArray(next)) for (const each of next as unknown[]) waiting.push(each);
    else found.push(next);
  }
  return found;
}

function some(test: Test): Judge {
  return (values) => elementsOf(values).some(test);
}

function none(test: Test): Judge {
  return (values) => !elementsOf(values).some(test);
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

function equality(quantifier: (test: Test) => Judge): Operator {
  return {
    problem: (operand) => (isScalar(operand) ? null : SCALAR),
    needs: (operand) => typesToMeet([operand]),
    compile: (operand) => quantifier((value) => (value ?? null) === operand),
  };
}

function membership(quantifier: (test: Test) => Judge): Operator {
  return {
    problem: (operand) => {
      const isList = Array.isArray(operand) && operand.length > 0 && operand.length <= MAX_LIST;
      return isList && [...(operand as unknown[])].every(isScalar) ? null : LIST;
    },
    needs: (operand) => typesToMeet(operand as unknown[]),
    compile: (operand) => {
      const members = new Set(operand as unknown[]);
      return quantifier((value) => members.has(value ?? null));
    },
  };
}

// Null is what an absent field counts as: it may be asked of every field.
function typesToMeet(operands: readonly unknown[]): readonly JsonType[] {
  return operands.filter((operand) => operand !== null).map((operand) => typeof operand as JsonType);
}

type Order = (left: string | number, right: string | number) => boolean;

function order(holds: Order): Operator {
  return {
    problem: (operand) =>
      typeof operand === 'string' || (typeof operand === 'number' && isScalar(operand))
        ? null
        : 'It must be a number or a text.',
    needs: (operand) => [typeof operand as JsonType],
    compile: (operand) => {
      const type = typeof operand;
      return some((value) => typeof value === type && holds(value as string, operand as string));
    },
  };
}

function text(holds: (value: string, part: string) => boolean): Operator {
  return {
    problem: (operand) =>
      typeof operand === 'string' && operand !== '' ? null : 'It must be a text of at least one character.',
    needs: () => ['string'],
    compile: (operand) => some((value) => typeof value === 'string' && holds(value, operand as string)),
  };
}

const exists: Operator = {
  problem: (operand) => (typeof operand === 'boolean' ? null : 'It must be true or false.'),
  needs: () => [],
  // An empty list is there, although it has no elements.
  compile: (operand) => (values) => values.some((value) => value !== undefined) === operand,
};

/** The operators that stand beside a field, but for `$not`. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['$eq', equality(some)],
  ['$ne', equality(none)],
  ['$gt', order((left, right) => left > right)],
  ['$gte', order((left, right) => left >= right)],
  ['$lt', order((left, right) => left < right)],
  ['$lte', order((left, right) => left <= right)],
  ['$in', membership(some)],
  ['$nin', membership(none)],
  ['$exists', exists],
  ['$startsWith', text((value, part) => value.startsWith(part))],
  ['$endsWith', text((value, part) => value.endsWith(part))],
  ['$contains', text((value, part) => value.includes(part))],
]);
