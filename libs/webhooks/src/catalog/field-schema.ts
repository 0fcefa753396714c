import type { JsonSchema } from '../internal/json-schema.js';
import type { FieldMetadata } from './class-metadata.js';
import { rulesSchema } from './validator-schemas.js';

const DECLARED: ReadonlyMap<unknown, JsonSchema> = new Map<unknown, JsonSchema>([
  [String, { type: 'string' }],
  [Number, { type: 'number' }],
  [Boolean, { type: 'boolean' }],
  [Array, { type: 'array' }],
  [Date, { type: 'string', format: 'date-time' }],
]);

/** What a value means for JSON: dates become text, functions vanish. */
export function asJson(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** The field holds a list, as its validators or its declared type say. */
export function isList(field: FieldMetadata): boolean {
  const own = rulesSchema(field.rules.filter(({ each }) => !each));
  if (own.type === 'array' || field.declaredType === Array) return true;
  return field.nested === 'each' || (own.type === undefined && field.rules.some(({ each }) => each));
}

function valueSchema(field: FieldMetadata, nested: JsonSchema | null): JsonSchema {
  const own = rulesSchema(field.rules.filter(({ each }) => !each));
  if (isList(field)) {
    return { ...own, type: 'array', items: nested ?? rulesSchema(field.rules.filter(({ each }) => each)) };
  }
  if (nested) return nested;
  if (own.type !== undefined || own.enum || own.const !== undefined) return own;
  return { ...DECLARED.get(field.declaredType), ...own };
}

function orNull(schema: JsonSchema): JsonSchema {
  if (schema.$ref) return { anyOf: [schema, { type: 'null' }] };
  const { const: only, ...rest } = schema;
  const values = schema.enum ?? (only === undefined ? undefined : [only]);
  return {
    ...rest,
    ...(typeof schema.type === 'string' && { type: [schema.type, 'null'] }),
    ...(values && { enum: values.includes(null) ? values : [...values, null] }),
  };
}

/**
 * The schema of one field: what its validators say, then what `@WebhookField` adds.
 *
 * @param nested reference to the schema of the nested class, if the field has one
 */
export function fieldSchema(field: FieldMetadata, nested: JsonSchema | null): JsonSchema {
  const { description, example, deprecated, aliases } = field.options;
  const value = valueSchema(field, nested);
  return {
    ...(field.nullable ? orNull(value) : value),
    ...(description !== undefined && { description }),
    ...(example !== undefined && { examples: [asJson(example)] }),
    ...(deprecated && { deprecated: true }),
    ...(aliases?.length && { 'x-aliases': aliases }),
  };
}
