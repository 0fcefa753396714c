import { TemplateError } from '../../errors/template-error.js';
import type { JsonSchema } from '../../internal/json-schema.js';
import { ownValue } from '../../templates/own-value.js';
import type { Accepts, ContentFilter } from './content-filter.js';
import { EventPaths, type EventPath } from './event-paths.js';
import { OPERATORS, elementsOf, type Judge } from './filter-operators.js';
import type { JsonType } from './json-types.js';
import { isRecord } from '../parse-fields.js';

type Data = Parameters<Accepts>[0];

/**
 * Checks a filter of good form against an event type and compiles it to a closure.
 *
 * @throws TemplateError TEMPLATE_UNKNOWN_FIELD at `filter.total_amount`
 * @throws TemplateError FILTER_TYPE_MISMATCH at `filter.total_amount.$gt` when the field is of another type
 */
export function compileFilter(filter: ContentFilter, schema: JsonSchema): Accepts {
  return compileGroup(filter, 'filter', new EventPaths(schema));
}

function compileGroup(filter: ContentFilter, place: string, paths: EventPaths): Accepts {
  return every(
    Object.entries(filter).map(([name, value]) =>
      compileMember(name, value, { place: `${place}.${name}`, paths }),
    ),
  );
}

interface Where {
  readonly place: string;
  readonly paths: EventPaths;
}

function compileMember(name: string, value: unknown, { place, paths }: Where): Accepts {
  if (name === '$not') return not(compileGroup(value as ContentFilter, place, paths));
  if (name === '$and' || name === '$or') {
    const parts = (value as readonly ContentFilter[]).map((each, index) =>
      compileGroup(each, `${place}[${index}]`, paths),
    );
    return name === '$and' ? every(parts) : some(parts);
  }
  const path = paths.resolve(name, place);
  const judge = compileCondition(value, place, path);
  const read = reader(path.keys);
  return (data) => judge(read(data));
}

function compileCondition(condition: unknown, place: string, path: EventPath): Judge {
  if (!isRecord(condition)) return compileOperator('$eq', condition, { place, path });
  return every(
    Object.entries(condition).map(([name, operand]) =>
      compileOperator(name, operand, { place: `${place}.${name}`, path }),
    ),
  );
}

function compileOperator(
  name: string,
  operand: unknown,
  { place, path }: { readonly place: string; readonly path: EventPath },
): Judge {
  if (name === '$not') return not(compileCondition(operand, place, path));
  const operator = OPERATORS.get(name)!;
  const stranger = operator.needs(operand).find((type) => path.types !== null && !path.types.has(type));
  if (stranger !== undefined) throw mismatch(stranger, place, path);
  return operator.compile(operand);
}

const WORDS: Readonly<Record<JsonType, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  object: 'an object',
};

function mismatch(given: JsonType, place: string, { keys, types }: EventPath): TemplateError {
  const field = `"${keys.join('.')}"`;
  const is = [...types!].map((type) => WORDS[type]).join(' or ');
  const advice = types!.has('object') ? ` Name one of its fields, as "${keys.join('.')}.…".` : '';
  const problem = `It compares with ${WORDS[given]}, and ${field} is ${is}.${advice}`;
  return new TemplateError('FILTER_TYPE_MISMATCH', place, problem);
}

/** Everything that stands at a path: one value, or one of each element of the lists on the way. */
function reader(keys: readonly string[]): (data: Data) => readonly unknown[] {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return (data) => [ownValue(data, only)];
  return (data) => {
    let here: readonly unknown[] = [data];
    for (const key of keys) here = elementsOf(here).map((each) => ownValue(each, key));
    return here;
  };
}

type Predicate<T> = (subject: T) => boolean;

function every<T>(parts: readonly Predicate<T>[]): Predicate<T> {
  const [only] = parts;
  return parts.length === 1 && only ? only : (subject) => parts.every((part) => part(subject));
}

function some<T>(parts: readonly Predicate<T>[]): Predicate<T> {
  return (subject) => parts.some((part) => part(subject));
}

function not<T>(part: Predicate<T>): Predicate<T> {
  return (subject) => !part(subject);
}
