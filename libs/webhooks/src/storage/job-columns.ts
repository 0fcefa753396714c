import type { JobKind, JobRecord, JobState } from '../history/job.js';
import type { Row } from './database.js';

/** What a {@link JobRecord} is read from, beside the database's time as `now`. */
export const JOB = [
  ...['id', 'kind', 'subscription_id', 'tenant', 'state', 'since_at', 'until_at', 'event_types', 'dry_run'],
  ...['cursor', 'reached_at', 'matched', 'succeeded', 'failed', 'canceled', 'error'],
  ...['created_at', 'started_at', 'finished_at'],
];

/** A delivery that a job opens. */
export const OPENED = { id: 'text', event_id: 'text' } as const;

/** A job, from its row. */
export function jobOf(row: Row): JobRecord {
  const eventTypes = row.event_types as string | null;
  return {
    id: row.id as string,
    kind: row.kind as JobKind,
    subscriptionId: row.subscription_id as string,
    tenant: row.tenant as string,
    state: row.state as JobState,
    since: Number(row.since_at),
    until: Number(row.until_at),
    eventTypes: eventTypes === null ? null : (JSON.parse(eventTypes) as string[]),
    dryRun: Number(row.dry_run) === 1,
    cursor: row.cursor as string | null,
    reached: numberOrNull(row.reached_at),
    matched: Number(row.matched),
    succeeded: Number(row.succeeded),
    failed: Number(row.failed),
    canceled: Number(row.canceled),
    error: row.error as string | null,
    createdAt: Number(row.created_at),
    startedAt: numberOrNull(row.started_at),
    finishedAt: numberOrNull(row.finished_at),
    now: Number(row.now),
  };
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}
