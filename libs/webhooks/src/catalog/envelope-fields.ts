import type { JsonSchema } from '../internal/json-schema.js';

/** The fields every event gets from the module; an event class may not declare them. */
export const ENVELOPE_FIELDS = [
  'event_id',
  'event_type',
  'occurred_at',
  'sequence',
  'catalog_version',
] as const;

/** Name of an envelope field. */
export type EnvelopeField = (typeof ENVELOPE_FIELDS)[number];

/** The envelope's part of an event type's schema. */
export function envelopeSchema(eventType: string, version: number): Record<EnvelopeField, JsonSchema> {
  return {
    event_id: {
      type: 'string',
      description: 'Unique for each event and the same in every attempt: use it to drop duplicates.',
      examples: ['evt_01JNZ3TQ8W5V9C4M7K2XBRD6FA'],
    },
    event_type: { type: 'string', const: eventType, description: 'Name of the event type.' },
    occurred_at: {
      type: 'string',
      format: 'date-time',
      description: 'When it happened.',
      examples: ['2026-03-10T09:20:30.000Z'],
    },
    sequence: {
      type: ['integer', 'null'],
      description: 'Counts the events of one subject without gaps; null for an event without a subject.',
      examples: [1],
    },
    catalog_version: { type: 'integer', description: 'Version of the event type.', examples: [version] },
  };
}

/** The envelope's part of an event type's sample. */
export function envelopeSample(
  eventType: string,
  version: number,
  hasSubject: boolean,
): Record<EnvelopeField, unknown> {
  return {
    event_id: 'evt_01JNZ3TQ8W5V9C4M7K2XBRD6FA',
    event_type: eventType,
    occurred_at: '2026-03-10T09:20:30.000Z',
    sequence: hasSubject ? 1 : null,
    catalog_version: version,
  };
}
