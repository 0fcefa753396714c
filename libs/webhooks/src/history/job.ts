/** `recover`: what failed is sent again. `replay`: every event of the archive that matches. */
export type JobKind = 'recover' | 'replay';

/**
 * Open: `pending` (not begun), `running`.
 * Closed: `done`, `failed` (see the error), `canceled`.
 */
export type JobState = 'pending' | 'running' | 'done' | 'failed' | 'canceled';

/** Of when the events are: when they were stored, in the database's time. */
export interface RecoverInput {
  /** From this instant on: ISO 8601 with an offset, or a Date. */
  readonly since: string | Date;
  /** Up to and including this instant. @default now; what lies ahead means now */
  readonly until?: string | Date | undefined;
}

/** Which events of the archive. */
export interface ReplayInput extends RecoverInput {
  /** Names, aliases and wildcards: of what the subscription asks for, only these. @default all of it */
  readonly event_types?: readonly string[] | undefined;
  /** Counts what would be sent, and sends nothing. @default false */
  readonly dry_run?: boolean | undefined;
}

/** A recovery or replay as it may be shown. Its counts only grow. */
export interface JobView {
  /** `job_…` */
  readonly id: string;
  readonly kind: JobKind;
  readonly subscription_id: string;
  readonly tenant: string;
  readonly state: JobState;
  readonly since: string;
  readonly until: string;
  readonly event_types: readonly string[] | null;
  readonly dry_run: boolean;
  /** Everything stored up to this instant has been looked at; null before the beginning. */
  readonly reached: string | null;
  /** Events found so far that are to be sent, and all of them once the job is `done`. */
  readonly matched: number;
  /** Of these, arrived. */
  readonly succeeded: number;
  /**
   * Of these, tried without success: they go on by the schedule of their subscription, as every delivery does. Also what is
   * held because it was disabled: that stays held until it is recovered or sent again.
   */
  readonly failed: number;
  /** Of these, given up by somebody before they arrived. */
  readonly canceled: number;
  /** Events a second since the beginning: sent, or with `dry_run` found. */
  readonly rate: number;
  /** Why it ended before its end: `SUBSCRIPTION_DISABLED`, `SUBSCRIPTION_DELETED`. */
  readonly error: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

/** A page of jobs. */
export interface JobPage {
  readonly items: readonly JobView[];
  /** The cursor of the next page; null after the last. */
  readonly next: string | null;
}

/** Which page of which jobs. */
export interface JobQuery {
  readonly subscription_id?: string | undefined;
  /** From 1 to 250. @default 50 */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** A job's row. Instants in epoch milliseconds of the database. */
export interface JobRecord {
  readonly id: string;
  readonly kind: JobKind;
  readonly subscriptionId: string;
  readonly tenant: string;
  readonly state: JobState;
  readonly since: number;
  readonly until: number;
  /** As they were given; null: all. */
  readonly eventTypes: readonly string[] | null;
  readonly dryRun: boolean;
  /** Where the next page begins, in the form of its database; null: at the beginning. */
  readonly cursor: string | null;
  readonly reached: number | null;
  readonly matched: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly error: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** The database's time at which the row was read. */
  readonly now: number;
}

/** What is written when a job is made; the database adds the rest. */
export type NewJob = Pick<
  JobRecord,
  'id' | 'kind' | 'subscriptionId' | 'tenant' | 'since' | 'eventTypes' | 'dryRun'
> & {
  /** Null: now, as for everything that lies ahead. */
  readonly until: number | null;
};

/** As it may be shown. */
export function jobViewOf(job: JobRecord): JobView {
  return {
    id: job.id,
    kind: job.kind,
    subscription_id: job.subscriptionId,
    tenant: job.tenant,
    state: job.state,
    since: isoTime(job.since),
    until: isoTime(job.until),
    event_types: job.eventTypes,
    dry_run: job.dryRun,
    reached: job.reached === null ? null : isoTime(job.reached),
    matched: job.matched,
    succeeded: job.succeeded,
    failed: job.failed,
    canceled: job.canceled,
    rate: rateOf(job),
    error: job.error,
    created_at: isoTime(job.createdAt),
    started_at: job.startedAt === null ? null : isoTime(job.startedAt),
    finished_at: job.finishedAt === null ? null : isoTime(job.finishedAt),
  };
}

function rateOf({ dryRun, matched, succeeded, failed, startedAt, finishedAt, now }: JobRecord): number {
  if (startedAt === null) return 0;
  const seconds = Math.max(1, (finishedAt ?? now) - startedAt) / 1_000;
  const done = dryRun ? matched : succeeded + failed;
  return Math.round((done / seconds) * 10) / 10;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
