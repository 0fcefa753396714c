/**
 * What became of a schedule: it waits for its instant; its event is published; its builder said that it is no longer true;
 * `unschedule` took it back; its event could not be built or published.
 */
export type ScheduleState = 'pending' | 'fired' | 'dropped' | 'canceled' | 'failed';

/** What names a schedule: keys are unique within an event type. */
export interface ScheduleId {
  /** Name of the event type. */
  readonly type: string;
  readonly key: string;
}

/** A schedule as it is written. */
export interface NewSchedule extends ScheduleId {
  /** Null: whose event it is, its class will say. */
  readonly tenant: string | null;
  /** Null: what the event is about, its class will say; the builder is given the key. */
  readonly subject: string | null;
  /** JSON text for the builder. */
  readonly data: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A schedule as it stands in the table. */
export interface Schedule extends NewSchedule {
  readonly state: ScheduleState;
  /** Tries that were begun since it was scheduled. */
  readonly attempts: number;
  readonly lastError: string | null;
  /** The event that it became. */
  readonly eventId: string | null;
}

/** A schedule that this process has leased. */
export interface ClaimedSchedule extends Schedule {
  readonly fence: number;
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 3_600_000;
/** About six hours: long enough to repair what a builder needs. */
const MOST_TRIES = 16;

/**
 * Milliseconds until a schedule is tried again, after so many tries; undefined: it has had enough of them.
 */
export function waitAfter(tries: number): number | undefined {
  return tries >= MOST_TRIES ? undefined : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
}
