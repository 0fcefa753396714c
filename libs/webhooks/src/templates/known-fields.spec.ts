import type { JsonSchema } from '../internal/json-schema.js';
import { KnownFields } from './known-fields.js';
import { formatPath, parsePlainPath } from './plain-path.js';
import { templateErrorOf } from './template-error.spec-support.js';

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    agw_id: { type: 'string', 'x-aliases': ['agwID'] },
    booking_type: { type: ['string', 'null'] },
    lead: { anyOf: [{ $ref: '#/$defs/Passenger' }, { type: 'null' }], 'x-aliases': ['leader'] },
    passengers: { type: ['array', 'null'], items: { $ref: '#/$defs/Passenger' } },
    codes: { type: 'array', items: { type: 'string' } },
    things: { type: 'array' },
    meta: { type: 'object', additionalProperties: true },
    labels: { type: 'object', properties: { first_one: {} }, additionalProperties: { type: 'string' } },
    bare: { type: 'object' },
    any: {},
    closed: { type: 'object', additionalProperties: false },
    loop: { $ref: '#/$defs/Loop' },
    lost: { $ref: '#/$defs/Missing' },
    self: { $ref: '#' },
  },
  $defs: {
    Passenger: {
      type: 'object',
      properties: {
        name: { type: 'string', 'x-aliases': ['fullName'] },
        seat: { $ref: '#/$defs/Seat' },
        companions: { type: 'array', items: { $ref: '#/$defs/Passenger' } },
      },
    },
    Seat: { type: 'object', properties: { row: { type: 'integer' } } },
    Loop: { anyOf: [{ $ref: '#/$defs/Loop' }] },
  },
};

function resolve(expression: string): string {
  return formatPath(new KnownFields(SCHEMA).resolve(parsePlainPath(expression) ?? [], 'url'));
}

describe('KnownFields', () => {
  it.each([
    'agw_id',
    'passengers',
    'passengers[0].seat.row',
    'passengers[1].companions[2].companions[3].name',
    'lead.name',
    'codes[12]',
    'things[0].anything.below',
    'meta.anything["below it"][3].here',
    'labels.free.below',
    'labels.first_one',
    'bare.anything',
    'any[0].thing',
    'self.self.agw_id',
  ])('knows %s', (expression) => {
    expect(resolve(expression)).toBe(expression);
  });

  it.each([
    ['agwID', 'agw_id'],
    ['leader.fullName', 'lead.name'],
    ['passengers[0].fullName', 'passengers[0].name'],
    ['self.agwID', 'self.agw_id'],
  ])('reads the alias %s as %s', (expression, expected) => {
    expect(resolve(expression)).toBe(expected);
  });

  it.each([
    ['agw_ids', 'agw_id'],
    ['bookingType', 'booking_type'],
    ['agwId', 'agwID'],
    ['passengers[0].nam', 'name'],
    ['passengers[0].seat.rwo', 'row'],
    ['lead.seats.row', 'seat'],
    ['somethingElseEntirely', undefined],
    ['passengers.name', undefined],
    ['agw_id.length', undefined],
    ['agw_id[0]', undefined],
    ['lead[0]', undefined],
    ['codes[0].x', undefined],
    ['closed.x', undefined],
    ['loop.x', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['lead.__proto__.name', undefined],
    ['passengers[0].toString', undefined],
  ])('refuses %s, suggesting %s', (expression, suggestion) => {
    const error = templateErrorOf(() => resolve(expression));
    expect(error).toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'url' });
    expect(error.suggestion).toBe(suggestion);
  });

  it('refuses what a reference to nowhere would hold', () => {
    expect(templateErrorOf(() => resolve('lost.x')).code).toBe('TEMPLATE_UNKNOWN_FIELD');
  });

  it('prefers a field of that name to an alias', () => {
    const fields = new KnownFields({ properties: { a: { 'x-aliases': ['b'] }, b: {} } });
    expect(fields.resolve(['b'], 'url')).toEqual(['b']);
  });

  it('says which name is missing where', () => {
    expect(templateErrorOf(() => resolve('passengers[0].nam.x')).message).toBe(
      'url: "passengers[0].nam" is unknown. "passengers[0]" has no field "nam". Did you mean "name"?',
    );
    expect(templateErrorOf(() => resolve('agw_id[0]')).message).toBe(
      'url: "agw_id[0]" is unknown. "agw_id" has no elements: [0] needs a list.',
    );
  });
});
