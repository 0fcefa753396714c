import { ownValue } from '../own-value.js';
import { parsePlainPath } from '../plain-path.js';
import { textOf } from '../leaf.js';
import { isNothing, listOf, numberOf, textFor, type Filter } from './filter.js';

function propertyReader(path: unknown): (item: unknown) => unknown {
  const keys = parsePlainPath(String(path)) ?? [];
  return (item) => keys.reduce(ownValue, item);
}

const map: Filter = {
  args: [1, 1],
  gives: 'property',
  property: true,
  run(memory, value, path) {
    const read = propertyReader(path);
    return listOf(memory, value).map((item) => read(item) ?? null);
  },
};

const where: Filter = {
  args: [1, 2],
  gives: 'input',
  property: true,
  run(memory, value, path, ...wanted) {
    const read = propertyReader(path);
    const fits = (found: unknown): boolean =>
      wanted.length > 0 ? (found ?? null) === (wanted[0] ?? null) : !isNothing(found) && found !== false;
    return listOf(memory, value).filter((item) => fits(read(item)));
  },
};

const join: Filter = {
  args: [0, 1],
  gives: 'text',
  run(memory, value, separator = ' ') {
    const between = textOf(separator);
    const texts = listOf(memory, value).map((item) => {
      memory.use(between.length);
      return textFor(memory, item);
    });
    return texts.join(between);
  },
};

const split: Filter = {
  args: [1, 1],
  gives: 'texts',
  run(memory, value, separator) {
    const parts = textFor(memory, value).split(textOf(separator));
    memory.use(parts.length);
    while (parts.at(-1) === '') parts.pop();
    return parts;
  },
};

const slice: Filter = {
  args: [1, 2],
  gives: 'input',
  run(memory, value, from, count = 1) {
    const all = Array.isArray(value) ? (value as unknown[]) : Array.from(textFor(memory, value));
    memory.use(all.length);
    const start = Math.trunc(numberOf(from));
    const first = start < 0 ? all.length + start : start;
    const length = Math.max(0, Math.trunc(numberOf(count)));
    const part = first < 0 ? [] : all.slice(first, first + length);
    return Array.isArray(value) ? part : part.join('');
  },
};

const fallback: Filter = {
  args: [1, 1],
  gives: 'either',
  named: ['allow_false'],
  run(_memory, value, other, ...named) {
    const keepsFalse = named.some((pair) => Array.isArray(pair) && pair[1] === true);
    if (value === false) return keepsFalse ? false : other;
    const isEmpty = (typeof value === 'string' || Array.isArray(value)) && value.length === 0;
    return isEmpty || isNothing(value) ? other : value;
  },
};

/** Filters for lists, and `default`. */
export const LIST_FILTERS: Readonly<Record<string, Filter>> = {
  map,
  where,
  join,
  split,
  slice,
  default: fallback,
  first: { args: [0, 0], gives: 'element', run: (_memory, value) => endOf(value, 0) },
  last: { args: [0, 0], gives: 'element', run: (_memory, value) => endOf(value, -1) },
  size: { args: [0, 0], gives: 'number', run: (_memory, value) => sizeOf(value) },
  compact: {
    args: [0, 0],
    gives: 'input',
    run: (memory, value) => listOf(memory, value).filter((item) => !isNothing(item)),
  },
  reverse: {
    args: [0, 0],
    gives: 'input',
    run: (memory, value) => [...listOf(memory, value)].reverse(),
  },
};

function endOf(value: unknown, index: number): unknown {
  if (typeof value === 'string') return Array.from(value).at(index) ?? '';
  return Array.isArray(value) ? (value.at(index) as unknown) : undefined;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return 0;
}
