import type { JsonSchema } from '../internal/json-schema.js';

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-03-10T09:20:30.000Z',
  email: 'someone@mail.example',
  uri: 'https://www.example.com/',
  uuid: '3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b',
  hostname: 'www.example.com',
};

const LONGEST_TRIED = 40;

function textOf(schema: JsonSchema): string | undefined {
  const pattern = new RegExp(schema.pattern ?? '', 'u');
  const known = schema.format && FORMATS[schema.format];
  if (known && pattern.test(known)) return known;
  const shortest = schema.minLength ?? 0;
  for (let length = shortest; length <= shortest + LONGEST_TRIED; length++) {
    const found = ['a', 'A', '0'].map((letter) => letter.repeat(length)).find((word) => pattern.test(word));
    if (found !== undefined) return found;
  }
  return undefined;
}

function numberOf({ minimum, exclusiveMinimum, maximum }: JsonSchema): number {
  const least = Math.max(
    minimum ?? -Infinity,
    exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + 1,
  );
  return Math.max(Math.ceil(least), Math.min(0, Math.floor(maximum ?? 0)));
}

function listOf(schema: JsonSchema): unknown[] | undefined {
  if (schema.maxItems === 0) return [];
  const item = plausibleValue(schema.items ?? {});
  return item === undefined
    ? undefined
    : Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => item);
}

const BY_TYPE: Readonly<Record<string, (schema: JsonSchema) => unknown>> = {
  number: numberOf,
  integer: numberOf,
  boolean: () => false,
  array: listOf,
  object: () => ({}),
};

/**
 * A value that satisfies the schema, for a field without an example: the first of an enumeration, else null if that
 * is allowed, else the simplest of its type.
 *
 * @returns undefined when no value could be guessed, which only a pattern brings about
 */
export function plausibleValue(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.length) return schema.enum[0];
  if (typeof schema.type === 'object' || schema.anyOf) return null;
  const ofType = (schema.type && BY_TYPE[schema.type]) || textOf;
  return ofType(schema);
}
