import type { Claim } from '../dispatch/claim.js';
import type { ClosingResult, EventClosing, FannedOut, Settlement } from '../dispatch/delivery.js';
import type { SubscriptionHealth } from '../dispatch/health.js';
import type { Clock } from '../internal/clock.js';
import type { Row } from './database.js';
import { PRIORITY } from './delivery-statements.js';

/** What a claim brought, from its rows. */
export function claimOf(rows: readonly Row[]): Claim {
  const of = (kind: string): Row[] => rows.filter((row) => row.kind === kind);
  const numberOf = (kind: string): number | null => {
    const value = of(kind)[0]?.fence;
    return value === null || value === undefined ? null : Number(value);
  };
  const stops = of('stops')[0]?.id as string | null | undefined;
  return {
    deliveries: of('delivery').map((row) => ({
      id: row.id as string,
      eventId: row.event_id as string,
      subscriptionId: row.subscription_id as string,
      tenant: row.tenant as string,
      attempts: Number(row.attempts),
      step: Number(row.step),
      expiresAt: Number(row.expires_at),
      fence: Number(row.fence),
      body: row.body as string | null,
      isReplay: Number(row.priority) === PRIORITY.replay,
    })),
    events: of('event').map((row) => ({ id: row.id as string, fence: Number(row.fence) })),
    stops: stops ? stops.split('\n') : [],
    subscriptionsVersion: Number(of('version')[0]?.fence),
    first: of('first').map((row) => Number(row.fence)),
    nextDueInMs: numberOf('next'),
    workDueInMs: { schedules: numberOf('schedules'), jobs: numberOf('jobs') },
  };
}

/** A row to be fanned out. */
export function fanOutRow({ id, eventId, eventFence, subscriptionId, tenant, ...delivery }: FannedOut): Row {
  return {
    id,
    event_id: eventId,
    event_fence: eventFence,
    subscription_id: subscriptionId,
    tenant,
    state: delivery.state,
    due_in: delivery.dueInMs,
    expires_in: delivery.lifeMs,
    subject: delivery.subject,
    sequence: delivery.sequence,
  };
}

/** A delivery's row after an outcome. */
export function outcomeRow(
  { delivery, state, retryInMs, step, attempt, body }: Settlement,
  clock: Clock,
): Row {
  return {
    id: delivery.id,
    fence: delivery.fence,
    event_id: delivery.event.id,
    subscription_id: delivery.subscriptionId,
    tenant: delivery.tenant,
    state,
    attempts: attempt?.number ?? delivery.attempts,
    step,
    last_status: attempt?.status ?? null,
    last_error: attempt?.error ?? null,
    body,
    due_in: retryInMs === null ? null : Math.round(retryInMs),
    expires_in: Math.round(delivery.expiresAt - clock.now()),
  };
}

/** The attempts that were made. */
export function attemptRows(settlements: readonly Settlement[]): Row[] {
  return settlements.flatMap(({ delivery, attempt }) =>
    attempt === null
      ? []
      : [
          {
            delivery_id: delivery.id,
            number: attempt.number,
            started_at: Math.round(attempt.startedAt),
            duration_ms: Math.round(attempt.durationMs),
            status: attempt.status,
            error: attempt.error,
            detail: attempt.detail,
            request: attempt.request,
            response_headers: attempt.responseHeaders,
            response_body: attempt.responseBody,
          },
        ],
  );
}

/** An event to be closed. */
export function closingRow({ eventId, fence, subscriptionsVersion }: EventClosing): Row {
  return { id: eventId, fence, version: subscriptionsVersion };
}

/** A subscription's health. */
export function healthRow(subscriptionId: string, { version, state }: SubscriptionHealth): Row {
  const { failures, failingSince, openUntil, opens, noticed } = state;
  return {
    subscription_id: subscriptionId,
    version,
    failures,
    failing_since: failingSince === null ? null : Math.round(failingSince),
    open_until: openUntil === null ? null : Math.round(openUntil),
    opens,
    noticed,
  };
}

/** What became of each closing, in order. */
export function closingResults(closings: readonly EventClosing[], rows: readonly Row[]): ClosingResult[] {
  const closed = new Set(rows.filter((row) => row.kind === 'closed').map((row) => row.id));
  const version = Number(rows.find((row) => row.kind === 'version')?.fence);
  return closings.map(({ eventId, subscriptionsVersion }) => {
    if (closed.has(eventId)) return 'closed';
    return version === subscriptionsVersion ? 'lost' : 'stale';
  });
}
