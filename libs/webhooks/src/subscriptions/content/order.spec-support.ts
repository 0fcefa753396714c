import type { JsonSchema } from '../../internal/json-schema.js';

/** An event type with a field of every kind, for specs. */
export const ORDER: JsonSchema = {
  type: 'object',
  properties: {
    event_id: { type: 'string' },
    event_type: { type: 'string', const: 'OrderTicketed' },
    occurred_at: { type: 'string', format: 'date-time' },
    sequence: { type: ['integer', 'null'] },
    catalog_version: { type: 'integer' },
    pnr: { type: ['string', 'null'], 'x-aliases': ['recordLocator'] },
    total_amount: { type: 'number', 'x-aliases': ['total'] },
    provider: { enum: ['IB', 'BA', null] },
    refundable: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
    contact: { anyOf: [{ $ref: '#/$defs/Contact' }, { type: 'null' }] },
    segments: { type: 'array', items: { $ref: '#/$defs/Segment' } },
    notes: {},
    extra: { type: 'object' },
  },
  $defs: {
    Contact: { type: 'object', properties: { email: { type: 'string' } } },
    Segment: {
      type: 'object',
      properties: {
        origin: { type: 'string', 'x-aliases': ['from'] },
        stops: { type: 'array', items: { type: 'integer' } },
        carrier: { $ref: '#/$defs/Carrier' },
      },
    },
    Carrier: { type: 'object', properties: { code: { type: 'string' } } },
  },
};

/** One event of it. */
export const EVENT = {
  event_id: 'evt_1',
  event_type: 'OrderTicketed',
  occurred_at: '2026-03-10T09:20:30.000Z',
  sequence: 3,
  catalog_version: 1,
  total_amount: 812.5,
  provider: 'IB',
  pnr: null,
  refundable: false,
  tags: ['vip', 'group'],
  contact: { email: 'ana@example.com' },
  segments: [
    { origin: 'MAD', stops: [1, 2], carrier: { code: 'IB' } },
    { origin: 'LHR', stops: [], carrier: { code: 'BA' } },
    { stops: [5] },
  ],
  notes: [['deep', { text: 'late' }]],
  extra: { __proto__x: 1 },
};
