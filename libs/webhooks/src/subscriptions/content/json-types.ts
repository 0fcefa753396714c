import type { JsonSchema } from '../../internal/json-schema.js';

/** What a JSON value can be, lists left aside: those count as their elements. */
export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'object';

type Alternatives = readonly (JsonType | null)[];

/** What schemas allow; null when one of them does not say. A list allows what its elements may be. */
export function jsonTypes(schemas: readonly JsonSchema[]): ReadonlySet<JsonType> | null {
  const types = schemas.flatMap(typesOf);
  return types.includes(null) ? null : new Set(types.filter((type) => type !== null));
}

function typesOf(schema: JsonSchema): Alternatives {
  if (schema.anyOf) return schema.anyOf.flatMap(typesOf);
  // The catalog's definitions are its nested classes.
  if (schema.$ref !== undefined || schema.properties) return ['object'];
  if (schema.type !== undefined) return [schema.type].flat().flatMap((type) => namedType(type, schema));
  if (schema.enum) return schema.enum.map(typeOfValue);
  return [schema.const === undefined ? null : typeOfValue(schema.const)];
}

function namedType(type: string, { items }: JsonSchema): Alternatives {
  if (type === 'array') return items ? typesOf(items) : [null];
  return [type === 'integer' ? 'number' : (type as JsonType)];
}

/** What a value is; null for a list. */
export function typeOfValue(value: unknown): JsonType | null {
  if (value === null) return 'null';
  return Array.isArray(value) ? null : (typeof value as JsonType);
}
