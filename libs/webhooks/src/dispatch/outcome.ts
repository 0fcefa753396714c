import type { TransportResult } from '../transport/webhook.transport.js';
import type { Delivery, DeliveryState } from './delivery.js';
import { retryAfterMs } from './retry-after.js';
import type { RetrySchedule } from './retry-schedule.js';

/** What an answer means for its delivery, and for its subscription. */
export interface Outcome {
  readonly state: DeliveryState;
  /** Stable code of the failure; null after a success. */
  readonly error: string | null;
  readonly retryInMs: number | null;
  /** Place in the schedule after this attempt. */
  readonly step: number;
  /** The receiver says that he will never want anything again. */
  readonly gone: boolean;
  /** Milliseconds for which the receiver asks to be left alone; null: he does not. */
  readonly backOffMs: number | null;
}

const GONE = 410;
const TOO_MANY = 429;
const UNAVAILABLE = 503;
/** A receiver may put a delivery off that often without it moving on in its schedule. */
const MAX_PUT_OFF = 20;
/** Without a word of the receiver, 429 means at least this. */
const SLOW_DOWN_MS = 1_000;

/**
 * Judges an answer: 2xx is success, 410 the end; redirects, other statuses and faults are tried again until the schedule
 * runs out. A wait that the receiver asks for (429 and 503 with `Retry-After`) is not charged to the schedule.
 */
export function outcomeOf(
  result: TransportResult,
  delivery: Delivery,
  schedule: RetrySchedule,
  now: number,
): Outcome {
  const { status } = result;
  const { step } = delivery;
  if (isSuccess(result))
    return { state: 'succeeded', error: null, retryInMs: null, step, gone: false, backOffMs: null };
  const error = result.error ?? 'HTTP_STATUS';
  if (status === GONE) return { state: 'failed', error, retryInMs: null, step, gone: true, backOffMs: null };
  const asked = waitAskedFor(result, now);
  const backOffMs = status === TOO_MANY ? Math.max(asked ?? 0, SLOW_DOWN_MS) : asked;
  const next = nextAttempt(delivery, asked, schedule);
  // The whole life of a delivery is bounded, whatever its receiver asks for.
  const isOver = next.retryInMs === null || now + next.retryInMs > delivery.expiresAt;
  const [state, retryInMs] = isOver ? (['exhausted', null] as const) : (['pending', next.retryInMs] as const);
  return { state, error, retryInMs, step: next.step, gone: false, backOffMs };
}

function nextAttempt(
  delivery: Delivery,
  asked: number | null,
  schedule: RetrySchedule,
): Pick<Outcome, 'step' | 'retryInMs'> {
  if (asked !== null && delivery.attempts - delivery.step < MAX_PUT_OFF) {
    return { step: delivery.step, retryInMs: Math.max(asked, SLOW_DOWN_MS) };
  }
  const step = delivery.step + 1;
  return { step, retryInMs: schedule.waitAfter(step) };
}

function waitAskedFor({ status, headers }: TransportResult, now: number): number | null {
  return status === TOO_MANY || status === UNAVAILABLE ? retryAfterMs(headers['retry-after'], now) : null;
}

function isSuccess({ status, error }: TransportResult): boolean {
  return error === null && status !== null && status >= 200 && status < 300;
}
