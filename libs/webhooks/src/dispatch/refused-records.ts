import type { RecordRefusedError } from '../errors/record-refused-error.js';
import type { Attempt, EventClosing, Settlement, Subject } from './delivery.js';
import { NOT_RENDERED } from './delivery-bodies.js';
import type { SubscriptionHealth } from './health.js';

/** Something to be put on record, and the order that the delivery stands in, if it does. */
export type Entry =
  | { readonly settlement: Settlement; readonly subject: Subject | undefined; readonly isBare?: true }
  | { readonly closing: EventClosing; readonly subject: Subject | undefined };

/** What is written together. */
export interface Piece {
  readonly entries: readonly Entry[];
  /** By subscription. */
  readonly health: ReadonlyMap<string, SubscriptionHealth>;
}

const NO_HEALTH: Piece['health'] = new Map();

/**
 * What to try instead of a piece whose content the database refused, in order: halves of it, down to the one that it
 * refuses, and of that one the outcome without the texts around it. Nothing is left when it refuses that, too.
 */
export function smallerPieces({ entries, health }: Piece, error: RecordRefusedError): Piece[] {
  const written = (some: readonly Entry[]): Piece => ({ entries: some, health: NO_HEALTH });
  if (entries.length === 0) return [];
  if (health.size > 0) return [written(entries), { entries: [], health }];
  if (entries.length === 1) return bare(entries[0]!, error).map((entry) => written([entry]));
  const middle = Math.ceil(entries.length / 2);
  return [written(entries.slice(0, middle)), written(entries.slice(middle))];
}

/** The outcome that is to blame, once a piece holds nothing else. */
export function refusedBy({ entries: [entry, another], health }: Piece): Settlement | undefined {
  return entry && !another && health.size === 0 && 'settlement' in entry ? entry.settlement : undefined;
}

/** An event stays open, to be found again, when something of it could not be recorded. */
export function withoutClosing(entries: readonly Entry[], eventId: string): Entry[] {
  return entries.filter((entry) => !('closing' in entry) || entry.closing.eventId !== eventId);
}

// State and times are this module's own; the texts are of templates and receivers, and what they hold may be refused.
function bare(entry: Entry, error: RecordRefusedError): Entry[] {
  if (!('settlement' in entry) || entry.isBare) return [];
  const { body, attempt } = entry.settlement;
  const settlement: Settlement = {
    ...entry.settlement,
    body: body === null ? null : NOT_RENDERED,
    attempt: attempt && bareAttempt(attempt, error),
  };
  return [{ ...entry, settlement, isBare: true }];
}

function bareAttempt(attempt: Attempt, { code }: RecordRefusedError): Attempt {
  return {
    ...attempt,
    error: attempt.error === null ? null : code,
    detail: `${code}: the database refused the record of this attempt; the log says why.`,
    request: '{}',
    responseHeaders: null,
    responseBody: null,
  };
}
