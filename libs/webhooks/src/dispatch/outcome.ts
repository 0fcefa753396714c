import type { TransportResult } from '../transport/webhook.transport.js';
import type { DeliveryState } from './delivery.js';
import type { RetrySchedule } from './retry-schedule.js';

/** What an answer means for its delivery. */
export interface Outcome {
  readonly state: DeliveryState;
  /** Stable code of the failure; null after a success. */
  readonly error: string | null;
  readonly retryInMs: number | null;
}

/** Judges an answer: 2xx is success; redirects, other statuses and faults are tried again until the schedule runs out. */
export function outcomeOf(result: TransportResult, attempts: number, schedule: RetrySchedule): Outcome {
  const { status, error } = result;
  if (error === null && status !== null && status >= 200 && status < 300) {
    return { state: 'succeeded', error: null, retryInMs: null };
  }
  const retryInMs = schedule.waitAfter(attempts);
  const code = error ?? 'HTTP_STATUS';
  return { state: retryInMs === null ? 'exhausted' : 'pending', error: code, retryInMs };
}
