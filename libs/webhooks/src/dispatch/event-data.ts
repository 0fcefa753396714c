import { EventExpungedError } from '../errors/event-expunged-error.js';
import { EventUnreadableError } from '../errors/event-unreadable-error.js';
import type { StoredEvent } from '../internal/event.js';
import { envelopeFields, EXPUNGED } from '../internal/event.js';

interface EventData {
  /** What a template reads: the envelope fields and the event's own. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The standard body, `{ type, timestamp, data }`, as JSON text. */
  readonly envelope: string;
  /** Bodies by what they are rendered from. */
  readonly bodies: Map<string, string>;
}

/** Characters of bodies that are kept with one event. */
const BODIES_LIMIT = 262_144;

// One event goes to many subscriptions: it is parsed and put into its envelope once.
const known = new WeakMap<StoredEvent, Partial<EventData>>();

function entry(event: StoredEvent): { -readonly [Name in keyof EventData]?: EventData[Name] } {
  const found = known.get(event);
  if (found) return found;
  // What is missing is looked for in the prototype, and an `Object.prototype.data` would go out in the place of the event's.
  const fresh = Object.create(null) as Partial<EventData>;
  known.set(event, fresh);
  return fresh;
}

/**
 * What a template reads of an event.
 *
 * @throws EventUnreadableError, EventExpungedError
 */
export function dataOf(event: StoredEvent): EventData['data'] {
  const cached = entry(event);
  return (cached.data ??= parsed(event));
}

/** Whether its data are what they should be. */
export function isReadable(event: StoredEvent): boolean {
  try {
    if (event.isUnchecked) dataOf(event);
    return true;
  } catch (error) {
    if (error instanceof EventUnreadableError || error instanceof EventExpungedError) return false;
    throw error;
  }
}

/**
 * The standard body of an event (Standard Webhooks, "payload structure"), the same bytes every time.
 *
 * @throws EventUnreadableError
 */
export function envelopeOf(event: StoredEvent): string {
  const cached = entry(event);
  return (cached.envelope ??= envelopeText(event));
}

/**
 * A body that many subscriptions may have in common, rendered for the first of them.
 *
 * @param key what it is rendered from, beside the event
 * @param render what it throws it throws for each
 */
export function bodyOnce(event: StoredEvent, key: string, render: () => string | null): string | null {
  const bodies = (entry(event).bodies ??= new Map());
  const found = bodies.get(key);
  if (found !== undefined) return found;
  const body = render();
  if (body !== null && lengthOf(bodies) + body.length <= BODIES_LIMIT) bodies.set(key, body);
  return body;
}

function parsed(event: StoredEvent): EventData['data'] {
  try {
    return JSON.parse(dataText(event)) as EventData['data'];
  } catch {
    throw event.data === EXPUNGED ? new EventExpungedError(event.id) : new EventUnreadableError(event.id);
  }
}

function lengthOf(bodies: ReadonlyMap<string, string>): number {
  let length = 0;
  for (const body of bodies.values()) length += body.length;
  return length;
}

function envelopeText(event: StoredEvent): string {
  if (event.isUnchecked) dataOf(event);
  const type = JSON.stringify(event.type);
  const timestamp = JSON.stringify(new Date(event.occurredAt).toISOString());
  return `{"type":${type},"timestamp":${timestamp},"data":${dataText(event)}}`;
}

// As text: to put two objects of this many members together costs ten times what it takes to parse them as one.
function dataText(event: StoredEvent): string {
  const fields = JSON.stringify(envelopeFields(event)).slice(0, -1);
  // Others may have written to the table, and with blanks: an object in our own way begins with its first name.
  const own = event.data.startsWith('{"') ? event.data : JSON.stringify(JSON.parse(event.data));
  return own === '{}' ? `${fields}}` : `${fields},${own.slice(1)}`;
}
