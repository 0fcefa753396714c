import { Inject, Injectable } from '@nestjs/common';
import { dataOf, isReadable } from '../dispatch/event-data.js';
import { Clock } from '../internal/clock.js';
import { timeOfId } from '../internal/ids.js';
import type { ArchivedEvent, Pair } from '../storage/event-archive.store.js';
import { EventArchive, keyOf } from '../storage/event-archive.store.js';
import { ActiveSet } from '../subscriptions/active-set.js';
import { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { RETENTION, type RetentionSettings } from './retention-settings.js';

/** Says of events whether somebody who asks for them has not got them. */
export type Judge = (events: readonly ArchivedEvent[]) => Promise<ArchivedEvent[]>;

interface Claimed extends Pair {
  readonly event: ArchivedEvent;
  readonly subscription: Subscription;
}

const PAIRS = 2_000;
const OVER: ReadonlySet<string> = new Set(['succeeded', 'canceled']);
const HOUR_MS = 3_600_000;

/** Finds events that did not arrive. */
@Injectable()
export class Undelivered {
  constructor(
    private readonly archive: EventArchive,
    private readonly index: SubscriptionIndex,
    private readonly clock: Clock,
    @Inject(RETENTION) private readonly retention: RetentionSettings,
  ) {}

  /** A judge for the subscriptions of a tenant, or of all (`null`), as they are now. */
  async judge(tenant: string | null): Promise<Judge> {
    const set = new ActiveSet(0, await this.index.all(tenant), false);
    return (events) => this.among(events, set);
  }

  private async among(events: readonly ArchivedEvent[], set: ActiveSet): Promise<ArchivedEvent[]> {
    const missed = new Set<ArchivedEvent>();
    const claimed = events.flatMap((event) => claims(event, set));
    for (let from = 0; from < claimed.length; from += PAIRS) {
      const part = claimed.slice(from, from + PAIRS).filter(({ event }) => !missed.has(event));
      const states = await this.archive.states(
        part.map(({ event_id, subscription_id }) => ({ event_id, subscription_id })),
      );
      for (const each of part) if (this.isMissed(each, states.get(keyOf(each)))) missed.add(each.event);
    }
    return events.filter((event) => missed.has(event));
  }

  private isMissed({ event, subscription }: Claimed, state: string | undefined): boolean {
    if (state !== undefined) return !OVER.has(state);
    // A delivery that is older than they are kept may have been one.
    if (timeOfId(event.id) < this.keptSince) return false;
    return !isReadable(event) || subscription.accepts(event.type, dataOf(event));
  }

  private get keptSince(): number {
    const { deliveries } = this.retention;
    return deliveries === null ? -Infinity : this.clock.now() - deliveries + HOUR_MS;
  }
}

function claims(event: ArchivedEvent, set: ActiveSet): Claimed[] {
  // Of what was expunged nothing can be sent any more.
  if (event.expungedAt !== null) return [];
  return set
    .matching(event.tenant, event.type, event.createdAt)
    .map((subscription) => ({ event_id: event.id, subscription_id: subscription.id, event, subscription }));
}
