import { readFile } from 'node:fs/promises';
import type { EventField, JsonSchema } from 'nestjs-webhooks';
import { EventCatalog } from 'nestjs-webhooks';
import type { EventRow, FieldRow, Kind } from '../../../../../test/support/booking-catalog.js';
import { EVENTS, rowsOf } from '../../../../../test/support/booking-catalog.js';
import { CATALOG } from './catalog.js';

const FIXTURES = new URL('../../../../../test/fixtures/templates.json', import.meta.url);
const ENVELOPE = ['event_id', 'event_type', 'occurred_at', 'sequence', 'catalog_version'];

const SCHEMAS: Readonly<Record<Kind & string, JsonSchema>> = {
  text: { type: 'string' },
  code3: { type: 'string', minLength: 3, maxLength: 3 },
  code2: { type: 'string', minLength: 2, maxLength: 2 },
  number: { type: 'number' },
  count: { type: 'integer' },
  instant: { type: 'string', format: 'date-time' },
  flag: { type: 'boolean' },
  list: { type: 'array' },
  object: { $ref: '#/$defs/SegmentData' },
};

/** What is left of a field's schema without null. */
function valueSchema({ schema }: EventField): JsonSchema {
  const type = [schema.type].flat().filter((name) => name !== 'null');
  const values = schema.enum?.filter((value) => value !== null);
  return { ...schema, ...(type.length === 1 && { type: type[0]! }), ...(values && { enum: values }) };
}

function expected(kind: Kind): JsonSchema {
  return typeof kind === 'string' ? SCHEMAS[kind] : { enum: [...kind] };
}

describe('the catalog', () => {
  const catalog = new EventCatalog();
  catalog.register(CATALOG);

  const fieldOf = (event: string, name: string): EventField =>
    catalog.get(event).fields.find((field) => field.name === name)!;
  const rows = EVENTS.flatMap((event) =>
    rowsOf(event).map((row) => ({ event: event.name, field: row[0], row })),
  );

  it('has the events of both platforms and no others', () => {
    const names = catalog.all().map(({ name }) => name);
    expect(names.sort()).toEqual(EVENTS.map(({ name }) => name).sort());
  });

  it.each(EVENTS)('gives $name exactly its fields, in their order', (event: EventRow) => {
    const names = catalog.get(event.name).fields.map(({ name }) => name);
    expect(names).toEqual(rowsOf(event).map(([name]) => name));
  });

  it.each(EVENTS)('knows $name by its other names, and marks what is deprecated', (event: EventRow) => {
    const type = catalog.get(event.name);
    expect(type.aliases).toEqual(event.aliases ?? []);
    for (const alias of event.aliases ?? []) expect(catalog.get(alias)).toBe(type);
    expect(type.deprecated).toEqual(event.deprecated ? { since: '2025' } : null);
    expect(type.version).toBe(1);
  });

  it.each(rows)('$event.$field has its type, null or not, and its other spellings', ({ event, row }) => {
    const [name, kind, nullable, , aliases = []]: FieldRow = row;
    const field = fieldOf(event, name);
    expect(valueSchema(field)).toMatchObject(expected(kind));
    expect({ nullable: field.nullable, required: field.required }).toEqual({ nullable, required: true });
    expect(field.aliases).toEqual(aliases);
    expect(field.description).not.toBe('');
  });

  it.each(rows)('$event.$field has the documented example', ({ event, row: [name, , , example] }) => {
    expect(catalog.get(event).sample[name]).toEqual(example);
  });

  it.each(EVENTS)('shows a sample of $name that its own validators accept', ({ name }) => {
    const type = catalog.get(name);
    const data = Object.entries(type.sample).filter(([field]) => !ENVELOPE.includes(field));
    expect(() => type.validateData(Object.fromEntries(data))).not.toThrow();
  });

  it('accepts the data of every documented example, as far as it goes', async () => {
    const cases: { data: Record<string, unknown> }[] = JSON.parse(await readFile(FIXTURES, 'utf8'));
    for (const { data } of cases) {
      const type = catalog.get(String(data['event_type']));
      // The vendor's own example names two airlines: here each has an event of its own.
      const airlines = data['airlines'] === undefined ? {} : { airlines: ['TO'] };
      const known = type.fields.map(({ name }) => name);
      const given = Object.entries({ ...type.sample, ...data, ...airlines });
      const fields = given.filter(([name]) => known.includes(name));
      expect(() => type.validateData(Object.fromEntries(fields))).not.toThrow();
      expect(Object.keys(data).filter((name) => ![...known, ...ENVELOPE].includes(name))).toEqual([]);
    }
  });
});
