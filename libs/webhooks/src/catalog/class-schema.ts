import type { JsonSchema } from '../internal/json-schema.js';
import type { ClassGraph } from './class-graph.js';
import type { ClassMetadata, FieldMetadata } from './class-metadata.js';
import { fieldSchema } from './field-schema.js';

function propertySchema(field: FieldMetadata, graph: ClassGraph): JsonSchema {
  const nested = field.options.type && graph.nested.get(field.options.type());
  return fieldSchema(field, nested ? { $ref: `#/$defs/${nested.name}` } : null);
}

/** The schema of one class of the graph, without definitions. Every field is required that may not be absent. */
export function objectSchema({ fields }: ClassMetadata, graph: ClassGraph): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, propertySchema(field, graph)])),
    required: fields.filter(({ optional }) => !optional).map(({ name }) => name),
  };
}

/** The schemas of all nested classes, by the names that `$ref` uses. */
export function definitions(graph: ClassGraph): Record<string, JsonSchema> {
  return Object.fromEntries(
    [...graph.nested.values()].map(({ name, metadata }) => [name, objectSchema(metadata, graph)]),
  );
}
