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
  /** Unknown when no receiver got the event in its envelope. */
  readonly type: string;
  readonly sequence: number | null;
  /** Null when the receiver chose a body of its own. */
  readonly envelope: Envelope | null;
}

function envelopeOf(body: string): Envelope | null {
  const { type, timestamp, data } = JSON.parse(body) as Partial<Envelope>;
  return type !== undefined && timestamp !== undefined && data !== undefined
    ? { type, timestamp, data }
    : null;
}

/** Reads a receiver's log. All requests about one event carry its id, so one envelope explains the others. */
export function arrivalsOf(requests: readonly ReceivedRequest[]): Arrival[] {
  const envelopes = requests.map(({ body }) => envelopeOf(body)).filter((envelope) => envelope !== null);
  const byId = new Map(envelopes.map((envelope) => [envelope.data['event_id'], envelope]));
  return requests.map((request) => {
    const eventId = request.headers['webhook-id'] ?? '';
    const known = byId.get(eventId);
    const sequence = known?.data['sequence'];
    return {
      request,
      eventId,
      attempt: Number(request.headers['webhook-attempt']),
      type: known?.type ?? 'unknown',
      sequence: typeof sequence === 'number' ? sequence : null,
      envelope: envelopeOf(request.body),
    };
  });
}

/** One line for a list. */
export function summaryOf({ request, type, sequence, attempt }: Arrival): string {
  return `${request.method} ${request.path} ${type} sequence ${sequence} attempt ${attempt}`;
}
