import { createHash } from 'node:crypto';
import type { EventType } from '../catalog/event-type.js';
import { EventInvalidError } from '../errors/event-invalid-error.js';
import { EventTooLargeError } from '../errors/event-too-large-error.js';
import type { NewEvent } from '../internal/event.js';
import type { PublishOptions } from './publish-options.js';

/** Largest payload, in bytes of JSON. */
export const MAX_EVENT_BYTES = 256 * 1024;

const MAX_NAME_LENGTH = 255;
// PostgreSQL can store neither NUL nor a lone surrogate.
const IMPROPER = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/** What an event needs beside itself to be written. */
export interface DraftContext {
  readonly id: string;
  readonly tenant: string;
  readonly options: PublishOptions;
  /** Where it is published, if somebody traces it. */
  readonly trace: string | null;
}

/** An event checked and serialised: nothing can be wrong with it any more but its idempotency key. */
export function draftOf(event: object, type: EventType, context: DraftContext): NewEvent {
  const { id, tenant, options, trace } = context;
  type.validate(event);
  const subject = options.subject === undefined ? type.subjectOf(event) : options.subject;
  checkName(type.name, 'tenant', tenant);
  checkName(type.name, 'subject', subject);
  checkName(type.name, 'idempotencyKey', options.idempotencyKey ?? null);
  const data = JSON.stringify(event);
  const bytes = Buffer.byteLength(data);
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLargeError(type.name, bytes, MAX_EVENT_BYTES);
  return {
    id,
    tenant,
    type: type.name,
    subject,
    idempotencyKey: options.idempotencyKey ?? null,
    data,
    catalogVersion: type.version,
    occurredAt: occurredAt(type.name, options.occurredAt),
    trace,
  };
}

/** Two payloads have the same hash if they are equal as JSON, whatever the order of their members. */
export function payloadHash(data: string): string {
  return createHash('sha256')
    .update(canonical(JSON.parse(data)))
    .digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** @throws EventInvalidError when a tenant, a subject or a key cannot be stored */
export function checkName(type: string, path: string, value: string | null): void {
  if (value === null) return;
  const proper =
    typeof value === 'string' && value !== '' && value.length <= MAX_NAME_LENGTH && !IMPROPER.test(value);
  if (proper) return;
  const message = `must be text of 1 to ${MAX_NAME_LENGTH} characters without control characters or halves of them or lone surrogates`;
  throw new EventInvalidError(type, [{ path, message }]);
}

function occurredAt(type: string, date: Date | undefined): number | null {
  if (date === undefined) return null;
  const ms = date.getTime();
  if (Number.isNaN(ms))
    throw new EventInvalidError(type, [{ path: 'occurredAt', message: 'is not a valid date' }]);
  return ms;
}
