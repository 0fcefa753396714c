import type { ReceivedRequest } from 'nestjs-webhooks/testing';

/** The standard body of an event. */
export interface Envelope {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A request as the receiver has it in its log, and which event it tells of. */
export interface Arrival {
  readonly request: ReceivedRequest;
  /** `webhook-id`: the event's, whatever the body looks like. */
  readonly eventId: string;
  readonly attempt: number;
  /** Null when no receiver got the event in its envelope. */
  readonly type: string | null;
  readonly sequence: number | null;
  /** The body; as text when it is no JSON. */
  readonly content: unknown;
  /** Null when the receiver chose a body of its own. */
  readonly envelope: Envelope | null;
}

function contentOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function envelopeOf(content: unknown): Envelope | null {
  const { type, timestamp, data } = (content ?? {}) as Partial<Envelope>;
  return type !== undefined && timestamp !== undefined && data !== undefined
    ? { type, timestamp, data }
    : null;
}

/** Reads a receiver's log. All requests about one event carry its id, so one envelope explains the others. */
export function arrivalsOf(requests: readonly ReceivedRequest[]): Arrival[] {
  const read = requests.map((request) => {
    const content = contentOf(request.body);
    return { request, content, envelope: envelopeOf(content) };
  });
  const known = new Map(read.map(({ envelope }) => [envelope?.data['event_id'], envelope]));
  return read.map((one) => {
    const eventId = one.request.headers['webhook-id'] ?? '';
    const event = known.get(eventId);
    const sequence = event?.data['sequence'];
    return {
      ...one,
      eventId,
      attempt: Number(one.request.headers['webhook-attempt'] ?? 0),
      type: event?.type ?? null,
      sequence: typeof sequence === 'number' ? sequence : null,
    };
  });
}

/** One line for a list. */
export function summaryOf({ request, type, sequence, attempt }: Arrival): string {
  return `${request.method} ${request.path} ${type} sequence ${sequence} attempt ${attempt}`;
}
