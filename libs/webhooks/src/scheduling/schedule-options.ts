import type { EntityManager } from 'typeorm';
import type { Class } from '../catalog/event-class.js';
import type { ScheduleState } from './schedule.js';

/** When an event falls due, and of what. */
export interface ScheduleOptions {
  /** Names the schedule within its event type: scheduling the same key again moves it. 1 to 255 characters. */
  readonly key: string;
  /** The event's `occurred_at`, any distance away; of the past: at once. */
  readonly at: Date;
  /** What the event is about, and what the builder is given. @default for the builder the key, for the event what its class says */
  readonly subject?: string;
  /** Whose event it will be; `ALL_TENANTS` for everybody's. @default what the event class says */
  readonly tenant?: string;
  /** Given to the builder, as JSON carries it; at most 256 kB. Better empty: what is true is asked for when it is due. */
  readonly data?: unknown;
  /** Schedules a key whose event is published already once more. @default false */
  readonly rearm?: boolean;
  /** Joins this manager's transaction. @default the transaction the caller is in, if the module knows it */
  readonly manager?: EntityManager;
}

/** Which schedules to show; all of what is given must hold. */
export interface ScheduleQuery {
  readonly eventClass?: Class;
  readonly key?: string;
  /** As it was given, or the key when none was. */
  readonly subject?: string;
  readonly state?: ScheduleState;
  /** At most so many, 1 to 1,000. @default 100 */
  readonly limit?: number;
}

/** A schedule as it may be shown. */
export interface ScheduleView {
  readonly event_type: string;
  readonly key: string;
  readonly subject: string | null;
  readonly tenant: string | null;
  readonly state: ScheduleState;
  /** ISO 8601. */
  readonly at: string;
  /** Tries that were begun since it was scheduled. */
  readonly attempts: number;
  readonly last_error: string | null;
  /** The event that it became. */
  readonly event_id: string | null;
}
