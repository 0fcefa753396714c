import { textOf } from '../leaf.js';

/** What is left of the memory that the filters of one template string may use, in characters and elements. */
export interface MemoryBudget {
  /** @throws Error when nothing is left */
  use(count: number): void;
}

/** What a filter gives, so that what follows can be checked. */
export type FilterResult = 'text' | 'texts' | 'number' | 'input' | 'element' | 'property' | 'either';

/** A filter that subscribers may use. */
export interface Filter {
  /** How many arguments it takes, at least and at most. */
  readonly args: readonly [least: number, most: number];
  readonly gives: FilterResult;
  /** Names of the named arguments it takes. */
  readonly named?: readonly string[];
  /** Its first argument is the name of a property, literal. */
  readonly property?: true;
  /** Computes the value; it never changes what it gets. */
  run(memory: MemoryBudget, value: unknown, ...args: unknown[]): unknown;
}

/** A value that a filter cannot work with. The message never contains the value. */
export class FilterError extends Error {}

/** A value that would take a template beyond its limits. */
export class FilterLimitError extends FilterError {}

/** What a filter works on: the text of anything, paid from the budget. */
export function textFor(memory: MemoryBudget, value: unknown): string {
  const text = textOf(value);
  memory.use(text.length);
  return text;
}

/** A list as it is; anything else is a list of one, nothing is an empty list. */
export function listOf(memory: MemoryBudget, value: unknown): readonly unknown[] {
  const list = Array.isArray(value) ? (value as unknown[]) : isNothing(value) ? [] : [value];
  memory.use(list.length);
  return list;
}

/** The number a value means; 0 for what is none. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return Number.isNaN(value) ? 0 : value;
  return typeof value === 'string' ? Number(value) || 0 : 0;
}

/** Null, or absent. */
export function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
