import fc from 'fast-check';
import type { Sent } from './api-client.js';
import type { Route } from './contract.js';

type Schema = Readonly<Record<string, unknown>>;

/** Whatever JSON can be, with what databases and parsers stumble over. */
const ODD = fc.oneof(
  fc.constantFrom(
    '\0',
    '\ud800',
    '%',
    "'",
    '"; --',
    '__proto__',
    '',
    ' ',
    '😀',
    -1,
    0,
    1e308,
    2 ** 53,
    null,
    true,
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
);

/** Values by a schema: most are good, some are odd. */
function valueOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const { $ref } = schema;
  if (typeof $ref === 'string') return valueOf(schemas[$ref.split('/').at(-1)!] ?? {}, schemas);
  return fc.oneof({ arbitrary: goodValue(schema, schemas), weight: 4 }, { arbitrary: ODD, weight: 1 });
}

function goodValue(schema: Schema, schemas: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const [type] = [schema['type']].flat() as string[];
  const good: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
    string: () => (schema['format'] === 'date-time' ? TIMES : TEXTS),
    integer: () => fc.integer({ min: 0, max: 300 }),
    number: () => fc.double({ noNaN: true }),
    boolean: () => fc.boolean(),
    array: () => fc.array(valueOf((schema['items'] ?? {}) as Schema, schemas), { maxLength: 3 }),
    object: () => objectOf(schema, schemas),
  };
  return good[type ?? '']?.() ?? ODD;
}

function objectOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const members = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const model = Object.fromEntries(members.map(([name, member]) => [name, valueOf(member, schemas)]));
  return members.length === 0
    ? fc.dictionary(TEXTS, ODD, { maxKeys: 3 })
    : fc.record(model, { requiredKeys: [] });
}

const TIMES = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const TEXTS = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('OrderCreated', 'Order*', 'https://partner.example/{{order_id}}', '{{ pnr', 'v1a', 'POST'),
);

/** Requests of an operation, by its document: path below the API's own, and what is sent. */
export function requestsOf(
  route: Route,
  ids: readonly string[],
  schemas: Readonly<Record<string, Schema>>,
): fc.Arbitrary<[string, Sent]> {
  const { operation, path } = route;
  const parameters = (operation.parameters ?? []).filter((each) => each.in === 'query');
  const query = fc.record(
    Object.fromEntries(parameters.map(({ name, schema }) => [name, valueOf(schema as Schema, schemas)])),
    { requiredKeys: [] },
  );
  const id = fc.oneof(fc.constantFrom(...ids, 'OrderCreated'), fc.string({ minLength: 1, maxLength: 30 }));
  const [content] = Object.values(operation.requestBody?.content ?? {});
  const body = content ? valueOf(content.schema as Schema, schemas) : fc.constant(undefined);
  return fc.tuple(id, query, body).map(([chosen, given, sent]) => {
    const search = new URLSearchParams(Object.entries(given).map(([name, value]) => [name, String(value)]));
    const filled = path.replace(/\{\w+\}/, encodeURIComponent(chosen)).slice('/webhooks'.length);
    return [`${filled}?${search.toString()}`, { body: sent }];
  });
}
