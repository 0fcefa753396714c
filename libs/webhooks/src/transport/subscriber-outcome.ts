/** What an attempt came to, as recorded. */
export interface RecordedOutcome {
  readonly error: string | null;
  /** Milliseconds; null where it is not told. */
  readonly durationMs: number | null;
}

const UNREACHABLE = 'UNREACHABLE';

/** Told apart they would make of our host a port scanner: is the name known inside, is the port closed or filtered? */
const NOT_REACHED: ReadonlySet<string> = new Set([
  'TARGET_BLOCKED',
  'DNS_ERROR',
  'CONNECT_TIMEOUT',
  'CONNECTION_REFUSED',
  'PROXY_ERROR',
]);

/**
 * What a subscriber may learn of an attempt: blocked, refused, filtered and unresolvable targets are one code,
 * `UNREACHABLE`, and their duration is not told. Everything else stays. Operators see what is recorded.
 */
export function subscriberOutcome<T extends RecordedOutcome>(outcome: T): T {
  if (outcome.error === null || !NOT_REACHED.has(outcome.error)) return outcome;
  return { ...outcome, error: UNREACHABLE, durationMs: null };
}

/** The recorded errors that a subscriber sees as this one: none for those that he does not see. */
export function errorsShownAs(error: string): readonly string[] {
  if (error === UNREACHABLE) return [...NOT_REACHED];
  return NOT_REACHED.has(error) ? [] : [error];
}
