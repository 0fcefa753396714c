import type { StoredEvent } from '../internal/event.js';
import { envelopeFields } from '../internal/event.js';

interface EventData {
  /** What a template reads: the envelope fields and the event's own. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The standard body, `{ type, timestamp, data }`, as JSON text. */
  readonly envelope: string;
}

// One event goes to many subscriptions: it is parsed and put into its envelope once.
const known = new WeakMap<StoredEvent, Partial<EventData>>();

function entry(event: StoredEvent): { data?: EventData['data']; envelope?: string } {
  const found = known.get(event);
  if (found) return found;
  const fresh = {};
  known.set(event, fresh);
  return fresh;
}

/** What a template reads of an event. */
export function dataOf(event: StoredEvent): EventData['data'] {
  const cached = entry(event);
  return (cached.data ??= {
    ...envelopeFields(event),
    ...(JSON.parse(event.data) as Record<string, unknown>),
  });
}

/** The standard body of an event (Standard Webhooks, "payload structure"), the same bytes every time. */
export function envelopeOf(event: StoredEvent): string {
  const cached = entry(event);
  return (cached.envelope ??= envelopeText(event));
}

function envelopeText(event: StoredEvent): string {
  const fields = JSON.stringify(envelopeFields(event)).slice(0, -1);
  const own = event.data === '{}' ? '}' : `,${event.data.slice(1)}`;
  const type = JSON.stringify(event.type);
  const timestamp = JSON.stringify(new Date(event.occurredAt).toISOString());
  return `{"type":${type},"timestamp":${timestamp},"data":${fields}${own}}`;
}
