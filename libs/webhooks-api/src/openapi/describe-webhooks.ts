import type { EventType } from 'nestjs-webhooks';

type Described = Readonly<Record<string, object>>;

const HEADERS = {
  'webhook-id': 'The same in every attempt: use it to drop duplicates.',
  'webhook-timestamp': 'Of this attempt, in seconds.',
  'webhook-signature': 'By Standard Webhooks: `v1,…`, and `v1a,…` where it is chosen.',
  'webhook-attempt': 'From 1 on.',
};

const ANSWERS = {
  '2XX': { description: 'Taken. Its body is not looked at.' },
  '410': { description: 'Gone: the subscription is disabled.' },
  '4XX': { description: 'Sent again, by the schedule.' },
  '5XX': { description: 'Sent again, by the schedule.' },
};

/** The catalog as the `webhooks` of OpenAPI 3.1, in their standard form, and the schemas that they refer to. */
export function describeWebhooks(types: readonly EventType[]): { webhooks: Described; schemas: Described } {
  const webhooks = types.map((type) => [type.name, { post: operationOf(type) }]);
  const schemas = types.flatMap((type) => schemasOf(type));
  return {
    webhooks: Object.fromEntries(webhooks) as Described,
    schemas: Object.fromEntries(schemas) as Described,
  };
}

function operationOf(type: EventType): object {
  const { name, description, deprecated, sample } = type;
  const content = {
    schema: { $ref: `#/components/schemas/${keyOf(name)}` },
    example: messageOf(type, sample),
  };
  return {
    ...{ operationId: `on${keyOf(name)}`, summary: name, description, tags: ['Webhooks'], security: [] },
    ...(deprecated && { deprecated: true }),
    parameters: Object.entries(HEADERS).map(([header, about]) => ({
      ...{ name: header, in: 'header', required: true, description: about, schema: { type: 'string' } },
    })),
    requestBody: { required: true, content: { 'application/json': content } },
    responses: ANSWERS,
  };
}

function messageOf({ name }: EventType, sample: Readonly<Record<string, unknown>>): object {
  return { type: name, timestamp: sample['occurred_at'], data: sample };
}

function schemasOf({ name, schema }: EventType): [string, object][] {
  const { $schema: _, $id: __, $defs = {}, ...data } = schema;
  const message = {
    type: 'object',
    properties: {
      type: { type: 'string', const: name },
      timestamp: { type: 'string', format: 'date-time', description: 'When it happened.' },
      data: hoisted(data, name),
    },
    required: ['type', 'timestamp', 'data'],
  };
  const nested = Object.entries($defs).map(([each, definition]): [string, object] => [
    keyOf(name, each),
    hoisted(definition, name),
  ]);
  return [[keyOf(name), message], ...nested];
}

/** `$defs` of a schema become schemas of the document: few tools follow references into embedded ones. */
function hoisted<T>(schema: T, name: string): T {
  const text = JSON.stringify(schema, (member, value: unknown) =>
    member === '$ref' && typeof value === 'string'
      ? `#/components/schemas/${keyOf(name, value.slice('#/$defs/'.length))}`
      : value,
  );
  return JSON.parse(text) as T;
}

/** OpenAPI knows few characters in the names of components. The API's own have no full stop. */
function keyOf(...names: readonly string[]): string {
  return ['Event', ...names].map((name) => name.replaceAll(/[^A-Za-z0-9_-]/g, '_')).join('.');
}
