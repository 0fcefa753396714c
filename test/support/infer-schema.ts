/** The few words of JSON Schema that an example can tell. */
export interface InferredSchema {
  type?: string;
  items?: InferredSchema;
  anyOf?: InferredSchema[];
  properties?: Record<string, InferredSchema>;
  additionalProperties?: boolean;
}

/** A JSON Schema that knows exactly the fields of `value`, for tests whose event type is only an example. */
export function inferSchema(value: unknown): InferredSchema {
  if (Array.isArray(value)) {
    return value.length === 0
      ? { type: 'array', items: {} }
      : { type: 'array', items: { anyOf: value.map((item) => inferSchema(item)) } };
  }
  if (typeof value === 'object' && value !== null) {
    const properties = Object.entries(value).map(([name, inner]) => [name, inferSchema(inner)] as const);
    return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
  }
  return { type: value === null ? 'null' : typeof value };
}
