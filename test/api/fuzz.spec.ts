import fc from 'fast-check';
import { describeDatabases } from '../support/databases.js';
import type { Sent } from './support/api-client.js';
import { useApiStage } from './support/api-stage.js';
import type { Route } from './support/contract.js';

type Schema = Readonly<Record<string, unknown>>;

const RUNS = 12;
const SEED = 20_260_418;

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

/** Requests of an operation, by its document. */
function requestsOf(
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

describeDatabases('any request', (database) => {
  const stage = useApiStage(database);

  it('gets a documented answer, and never one of a broken application', async () => {
    const { host, api } = await stage.api({
      webhooks: { dataSource: 'default', limits: { previewsPerMinute: 10_000, testsPerMinute: 10_000 } },
    });
    const { routes, document } = api.contract!;
    const { body } = await api.post<{ id: string }>('/subscriptions', { url: 'https://partner.example/' });
    const { body: test } = await api.post<{ delivery_id: string; event_id: string }>(
      `/subscriptions/${body.id}/test`,
    );
    const ids = [body.id, test.delivery_id, test.event_id];
    let asked = 0;
    for (const route of routes.filter(({ operation }) => operation.operationId !== 'getOpenApi')) {
      const requests = requestsOf(route, ids, document.components.schemas);
      await fc.assert(
        fc.asyncProperty(requests, async ([path, sent]) => {
          // A path that is "." or ".." belongs to another route.
          if (/\/(\.|%2E)+[/?]/i.test(path)) return;
          const { status } = await api.send(route.method, path, sent);
          expect(status).toBeLessThan(500);
          asked++;
        }),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
    }
    expect(asked).toBeGreaterThan(routes.length * (RUNS - 4));
    expect(host.logger.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
