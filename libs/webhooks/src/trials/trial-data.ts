import { ENVELOPE_FIELDS } from '../catalog/envelope-fields.js';
import type { EventType } from '../catalog/event-type.js';
import { EventInvalidError, type EventIssue } from '../errors/event-invalid-error.js';
import { EventTooLargeError } from '../errors/event-too-large-error.js';
import type { StoredEvent } from '../internal/event.js';
import { MAX_EVENT_BYTES } from '../publishing/event-draft.js';
import { isRecord } from '../subscriptions/parse-fields.js';

type Members = Readonly<Record<string, unknown>>;

/** Objects and lists within one another: whoever judges them does it by recursion. */
const MAX_DEPTH = 32;
/** Objects and lists: to say what is wrong with as many as fit into the bytes would take seconds. */
const MAX_PARTS = 1_000;
const EVENT_ID = /^[\w-]{1,64}$/;
const ENVELOPE: ReadonlySet<string> = new Set(ENVELOPE_FIELDS);

/** The data of an event that nobody published: given by a subscriber, and judged like the host's own. */
export class TrialData {
  /** The event's own fields as JSON text. */
  readonly text: string;

  private constructor(
    private readonly type: EventType,
    own: Members,
    private readonly envelope: Members,
  ) {
    this.text = JSON.stringify(own);
  }

  /**
   * @param given what a subscriber made up, or copied from a webhook that he got; undefined: the sample
   * @throws EventInvalidError, EventTooLargeError
   */
  static of(type: EventType, given: unknown): TrialData {
    if (given === undefined) return new TrialData(type, ownOf(type.sample), type.sample);
    const data = copied(type, given);
    const issues = envelopeIssues(type, data);
    if (issues.length > 0) throw new EventInvalidError(type.name, issues);
    const own = ownOf(data);
    type.validateData(own);
    return new TrialData(type, own, { ...type.sample, ...data });
  }

  /** As if it had been published. */
  eventFor(tenant: string): StoredEvent {
    const { event_id, occurred_at, sequence } = this.envelope;
    return {
      id: event_id as string,
      tenant,
      type: this.type.name,
      subject: null,
      sequence: sequence as number | null,
      data: this.text,
      catalogVersion: this.type.version,
      occurredAt: Date.parse(occurred_at as string),
      createdAt: 0,
    };
  }
}

function ownOf(data: Members): Members {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !ENVELOPE.has(name)));
}

function copied(type: EventType, given: unknown): Members {
  const text = asJson(given);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLargeError(type.name, bytes, MAX_EVENT_BYTES);
  const data: unknown = JSON.parse(text);
  if (!isRecord(data)) throw refusal(type, `must be an object with the fields of ${type.name}`);
  if (!isExcessive(data)) return data;
  throw refusal(
    type,
    `has more than ${MAX_PARTS} objects and lists, or more than ${MAX_DEPTH} within one another`,
  );
}

function refusal({ name }: EventType, message: string): EventInvalidError {
  return new EventInvalidError(name, [{ path: '', message }]);
}

function asJson(given: unknown): string {
  try {
    return JSON.stringify(given) ?? 'null';
  } catch {
    // A circle, a bigint, or deeper than the stack.
    return 'null';
  }
}

function isExcessive(data: unknown): boolean {
  let level = [data];
  let parts = 0;
  for (let depth = 0; level.length > 0; depth++) {
    parts += level.length;
    if (depth > MAX_DEPTH || parts > MAX_PARTS) return true;
    level = level.flatMap((each) => Object.values(each as object)).filter(isObject);
  }
  return false;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function envelopeIssues(type: EventType, data: Members): EventIssue[] {
  const { event_id, event_type, occurred_at, sequence } = data;
  const issues: EventIssue[] = [];
  const check = (path: string, isRight: boolean, message: string): void => {
    if (data[path] !== undefined && !isRight) issues.push({ path, message });
  };
  const names = [type.name, ...type.aliases] as readonly unknown[];
  check('event_type', names.includes(event_type), `must be "${type.name}", or be left out`);
  check('event_id', typeof event_id === 'string' && EVENT_ID.test(event_id), 'must be the id of an event');
  check('occurred_at', isTime(occurred_at), 'must be a time: "2026-03-10T09:20:30.000Z"');
  check('sequence', sequence === null || Number.isSafeInteger(sequence), 'must be a whole number or null');
  return issues;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
