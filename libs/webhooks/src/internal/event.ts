/** An event as it is written: validated, serialised, not yet numbered. */
export interface NewEvent {
  readonly id: string;
  readonly tenant: string;
  readonly type: string;
  readonly subject: string | null;
  readonly idempotencyKey: string | null;
  /** The event's own fields as JSON text: the bytes behind every body that is ever sent for it. */
  readonly data: string;
  readonly catalogVersion: number;
  /** Epoch milliseconds; null: the moment it is stored. */
  readonly occurredAt: number | null;
  /** Where it was published, as W3C `traceparent`; null: nobody traces it. */
  readonly trace: string | null;
}

/** An event as it stands in the table. */
export interface StoredEvent {
  readonly id: string;
  readonly tenant: string;
  readonly type: string;
  readonly subject: string | null;
  /** Gap-free number within the subject, from 1; null without a subject. */
  readonly sequence: number | null;
  readonly data: string;
  readonly catalogVersion: number;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** Epoch milliseconds of the database. */
  readonly createdAt: number;
  /** Where it was published, as W3C `traceparent`; null: nobody traces it. */
  readonly trace?: string | null;
  /** Its `data` come out of the table: whoever else wrote to it may have left no JSON object there. */
  readonly isUnchecked?: true;
  /** Somebody tries a subscription out: it is sent to that one alone, marked and once. */
  readonly isTest?: true;
}

/** The `data` of an event whose payload was removed. */
export const EXPUNGED = '';

/** What a subscriber sees as `data`: the envelope fields at the root, then the event's own. */
export function envelopeFields(event: StoredEvent): Record<string, unknown> {
  return {
    event_id: event.id,
    event_type: event.type,
    occurred_at: new Date(event.occurredAt).toISOString(),
    sequence: event.sequence,
    catalog_version: event.catalogVersion,
  };
}
