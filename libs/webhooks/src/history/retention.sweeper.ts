import type { Clock } from '../internal/clock.js';
import { timeOfId } from '../internal/ids.js';
import type { ErasureStore } from '../storage/erasure.store.js';
import type { Deleted, RetentionStore } from '../storage/retention.store.js';
import type { RetentionSettings } from './retention-settings.js';

/** What a retention sweep has removed. */
export interface RetentionSweep {
  /** Rows that were deleted. */
  readonly events: number;
  readonly deliveries: number;
  readonly attempts: number;
  /** Events whose payload was expunged. */
  readonly payloads: number;
}

/** Few enough that nobody waits for the locks of one step. */
const DELIVERIES_STEP = 200;
const EVENTS_STEP = 50;
/** Attempts that were under way when their event was expunged are on record by then. */
const LATE_MS = 2 * 3_600_000;
const LATE_LIMIT = 10_000;

type Counts = { -readonly [Name in keyof RetentionSweep]: number };

/** Removes what is old, in small steps. An event with open or held deliveries keeps everything. */
export class RetentionSweeper {
  private isStopping = false;
  private underWay: Promise<RetentionSweep> | undefined;

  constructor(
    private readonly settings: RetentionSettings,
    private readonly store: RetentionStore,
    private readonly erasures: Pick<
      ErasureStore,
      'expunge' | 'expungeClosed' | 'expungedWithin' | 'publishedIn'
    >,
    private readonly clock: Clock,
  ) {}

  /** The sweep under way, and all later ones, end after the step. */
  stop(): void {
    this.isStopping = true;
  }

  /** Never two at a time: whoever asks during a sweep is told what that removes. */
  sweep(): Promise<RetentionSweep> {
    this.underWay ??= this.sweepOnce().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async sweepOnce(): Promise<RetentionSweep> {
    const counts: Counts = { events: 0, deliveries: 0, attempts: 0, payloads: 0 };
    const { events, deliveries, payloads } = this.settings;
    await this.finishExpunging();
    if (events !== null) await this.deleteEvents(events, counts);
    if (payloads !== null) await this.expungePayloads(payloads, counts);
    if (deliveries !== null) await this.deleteDeliveries(deliveries, counts);
    return counts;
  }

  private async deleteDeliveries(age: number, counts: Counts): Promise<void> {
    const next = (after: string) => this.store.closedDeliveries(age, after, DELIVERIES_STEP);
    await this.steps(
      next,
      ({ id }) => id,
      async (old) => {
        add(counts, await this.store.deleteDeliveries(age, old));
        // An event that kept its payload because of an open delivery has none any more.
        await this.expungeLate(
          old.map(({ event_id }) => event_id),
          counts,
        );
      },
    );
  }

  private async deleteEvents(age: number, counts: Counts): Promise<void> {
    const before = this.clock.now() - age;
    const next = (after: string) => this.store.closedEvents(before, after, EVENTS_STEP);
    await this.steps(
      next,
      (id) => id,
      async (ids) => add(counts, await this.store.deleteEvents(ids)),
    );
  }

  private async expungePayloads(age: number, counts: Counts): Promise<void> {
    const from = await this.store.payloadsExpungedUntil();
    const until = this.clock.now() - age;
    const next = (after: string) => this.erasures.publishedIn(from, until, after, EVENTS_STEP);
    await this.steps(
      next,
      ({ id }) => id,
      async (events) => {
        counts.payloads += (await this.erasures.expungeClosed(events.map(({ id }) => id))).events;
      },
    );
    if (!this.isStopping) await this.store.notePayloadsExpunged(until);
  }

  private async expungeLate(eventIds: readonly string[], counts: Counts): Promise<void> {
    const { payloads } = this.settings;
    if (payloads === null) return;
    const until = this.clock.now() - payloads;
    const late = [...new Set(eventIds)].filter((id) => timeOfId(id) < until);
    counts.payloads += (await this.erasures.expungeClosed(late)).events;
  }

  private async finishExpunging(): Promise<void> {
    const { payloads } = this.settings;
    const youngest = payloads === null ? 0 : this.clock.now() - payloads;
    const events = await this.erasures.expungedWithin(LATE_MS, youngest, LATE_LIMIT);
    for (let from = 0; from < events.length && !this.isStopping; from += EVENTS_STEP) {
      await this.erasures.expunge(events.slice(from, from + EVENTS_STEP));
      await others();
    }
  }

  /** Page by page, and in between whoever else has something to do. */
  private async steps<T>(
    next: (after: string) => Promise<T[]>,
    idOf: (item: T) => string,
    work: (items: T[]) => Promise<void>,
  ): Promise<void> {
    for (let after = ''; !this.isStopping;) {
      const items = await next(after);
      const last = items.at(-1);
      if (last === undefined) return;
      await work(items);
      after = idOf(last);
      await others();
    }
  }
}

const others = (): Promise<void> => new Promise(setImmediate);

function add(counts: Counts, deleted: Deleted): void {
  counts.events += deleted.events;
  counts.deliveries += deleted.deliveries;
  counts.attempts += deleted.attempts;
}
