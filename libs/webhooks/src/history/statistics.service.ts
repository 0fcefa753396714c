import { Injectable } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import { timeOfId } from '../internal/ids.js';
import type { FiguresFilter, WaitingRows } from '../storage/delivery-figures.store.js';
import { DeliveryFigures } from '../storage/delivery-figures.store.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import { subscriberOutcome, type RecordedOutcome } from '../transport/subscriber-outcome.js';
import type { Backlog, DeliveryStats, StatsQuery, SubscriptionStats } from './delivery-stats.js';
import { isoTime } from './iso-time.js';
import { readStatsQuery } from './read-stats-query.js';
import { TallySheet } from './tally-sheet.js';

/** Steps of 10,000 deliveries that one answer takes. */
const STEPS = 10;
const NOTHING: Backlog = { pending: 0, held: 0, waiting: 0, oldest_pending_at: null };

/** Counts on demand: nothing is kept for it while deliveries are made. */
@Injectable()
export class Statistics {
  constructor(
    private readonly figures: DeliveryFigures,
    private readonly clock: Clock,
  ) {}

  /** @throws QueryInvalidError */
  async of(query: StatsQuery, scope: TenantScope): Promise<DeliveryStats> {
    const { filter, bucketMs } = readStatsQuery(query, scope, this.clock.now());
    const all = new TallySheet(bucketMs);
    const each = new Map<string, TallySheet>();
    const countedSince = await this.count(filter, (subscriptionId) => {
      const own = each.get(subscriptionId) ?? new TallySheet(bucketMs);
      each.set(subscriptionId, own);
      return [all, own];
    });
    const waiting = await this.figures.waiting(filter);
    return {
      since: isoTime(countedSince ?? filter.since),
      until: isoTime(filter.until),
      complete: countedSince === null,
      ...all.shown,
      backlog: total(waiting),
      subscriptions: subscriptionsOf(each, waiting, bucketMs),
    };
  }

  /** Newest first; gives the instant at which it had enough, null when it has counted all. */
  private async count(filter: FiguresFilter, sheets: (id: string) => TallySheet[]): Promise<number | null> {
    let after: string | null = null;
    for (let step = 0; step < STEPS; step++) {
      const { place, isLast } = await this.figures.end(filter, after);
      if (place !== null) await this.countStep(filter, [after, place], sheets);
      if (isLast) return null;
      after = place;
    }
    return timeOfId(after!);
  }

  private async countStep(
    filter: FiguresFilter,
    [after, upTo]: readonly [string | null, string],
    sheets: (id: string) => TallySheet[],
  ): Promise<void> {
    for (const { id, subscription_id, state } of await this.figures.counted(filter, after, upTo)) {
      for (const sheet of sheets(subscription_id)) sheet.at(timeOfId(id), (tally) => tally.delivery(state));
    }
    for (const { id, subscription_id, ...made } of await this.figures.attempts(filter, after, upTo)) {
      const outcome = filter.tenant === null ? made : subscriberOutcome<RecordedOutcome>(made);
      for (const sheet of sheets(subscription_id)) sheet.at(timeOfId(id), (tally) => tally.attempt(outcome));
    }
  }
}

function subscriptionsOf(
  sheets: ReadonlyMap<string, TallySheet>,
  waiting: readonly WaitingRows[],
  bucketMs: number,
): SubscriptionStats[] {
  const backlogs = new Map(waiting.filter(isSome).map((rows) => [rows.subscriptionId, backlogOf(rows)]));
  const ids = [...new Set([...sheets.keys(), ...backlogs.keys()])].sort();
  return ids.map((id) => ({
    subscription_id: id,
    ...(sheets.get(id) ?? new TallySheet(bucketMs)).shown,
    backlog: backlogs.get(id) ?? NOTHING,
  }));
}

function isSome({ pending, held, waiting }: WaitingRows): boolean {
  return pending + held + waiting > 0;
}

function backlogOf({ pending, held, waiting, oldest }: Omit<WaitingRows, 'subscriptionId'>): Backlog {
  return { pending, held, waiting, oldest_pending_at: oldest === null ? null : isoTime(timeOfId(oldest)) };
}

function total(rows: readonly WaitingRows[]): Backlog {
  const sum = (name: 'pending' | 'held' | 'waiting'): number => rows.reduce((all, row) => all + row[name], 0);
  const [oldest = null] = rows.flatMap((row) => row.oldest ?? []).sort();
  return backlogOf({ pending: sum('pending'), held: sum('held'), waiting: sum('waiting'), oldest });
}
