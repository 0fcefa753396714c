import type { Clock } from '../internal/clock.js';
import type { StoredEvent } from '../internal/event.js';
import { deliveryId } from '../internal/ids.js';
import type { ActiveSet } from '../subscriptions/active-set.js';
import type { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { Admission } from './admission.js';
import type { Delivery, EventClosing, FannedOut, Leased, Subject } from './delivery.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { DispatchSettings, DispatchStore } from './dispatch-settings.js';
import { dataOf, isReadable } from './event-data.js';
import type { Settler } from './settler.js';
import type { IsTakenBack, TakenBack } from './taken-back.js';

/** An event that this process has leased. */
export interface LeasedEvent {
  readonly event: StoredEvent;
  readonly fence: number;
  /** Monotonic milliseconds at which the lease was taken. */
  readonly leasedAt: number;
}

/** What the fan-out works with. */
export interface FanOutParts {
  readonly index: SubscriptionIndex;
  readonly store: Pick<DispatchStore, 'fanOut'>;
  readonly queue: DeliveryQueue;
  readonly settler: Settler;
  readonly clock: Clock;
  readonly admission: Admission;
  readonly takenBack: TakenBack;
  /** Rows were written that are due, for whoever has room. */
  onDue(): void;
}

/** An event whose deliveries are under way before there are rows for them. */
interface OpenEvent extends LeasedEvent {
  leasedAt: number;
  readonly version: number;
  remaining: number;
}

/** The fence of an event's first lease: nobody can have sent anything of it before. */
export const FIRST_LEASE = 1;

/** What is sent before it has rows is in no list until its outcome is: of more, people want to see how far they are. */
const LAZY_MATCHES = 1_000;

/**
 * Turns an event into deliveries. Fresh events are *lazy* where there is room for all of their deliveries at once: sent first,
 * and their rows are written with the outcome; the event's own lease covers them. Everything else gets its rows first.
 */
export class FanOut {
  private readonly open = new Map<string, OpenEvent>();

  constructor(
    private readonly parts: FanOutParts,
    private readonly settings: Pick<DispatchSettings, 'lease' | 'life'>,
  ) {}

  /** Events that nobody ever had before: committed by this process a moment ago, or never leased. */
  async fresh(events: readonly LeasedEvent[]): Promise<void> {
    const { index, takenBack } = this.parts;
    const others = await takenBack.during(async (isTakenBack) => {
      const set = index.latest ?? (await index.current());
      return events.filter((leased) => !isTakenBack(leased.event.id) && !this.sentLazily(leased, set));
    });
    if (others.length > 0) await this.rowsFirst(others);
  }

  /** Events that were left behind, or whose subscriptions changed: writes the rows that are missing, then sends those. */
  async rowsFirst(events: readonly LeasedEvent[]): Promise<void> {
    const stale = await this.parts.takenBack.during((isTakenBack) => this.writeRows(events, isTakenBack));
    if (stale.length === 0) return;
    this.parts.index.invalidate();
    await this.rowsFirst(stale);
  }

  /** Gives the events whose subscriptions have changed meanwhile. */
  private async writeRows(
    events: readonly LeasedEvent[],
    isTakenBack: IsTakenBack,
  ): Promise<readonly LeasedEvent[]> {
    const set = await this.parts.index.current();
    const leasedAt = this.parts.clock.monotonic();
    const rows = this.withinRoom(events.flatMap((leased) => this.rows(leased, set)));
    const closings = events.map((leased) => closing(leased, set));
    const subjects = events.flatMap(({ event }) => subjectsOf(event, set));
    const leased = rows.filter(({ dueInMs }) => dueInMs === this.settings.lease);
    const free = this.parts.queue.keep(leased.length);
    const { results, created } = await this.parts.store.fanOut(closings, rows, subjects).finally(free);
    const byId = new Map(events.map(({ event }) => [event.id, event]));
    const mine = leased.filter(({ id }) => created.has(id));
    const wanted = mine.filter(({ id, eventId }) => !isTakenBack(id) && !isTakenBack(eventId));
    this.parts.queue.push(wanted.map((row) => this.leasedDelivery(byId.get(row.eventId)!, row, leasedAt)));
    if (rows.length > mine.length) this.parts.onDue();
    return events.filter((_, index) => results[index] === 'stale');
  }

  /** A lazy delivery is over; with the last one the event is done. */
  settled(delivery: Delivery): void {
    const open = this.open.get(delivery.event.id);
    if (!open || delivery.fence !== null || --open.remaining > 0) return;
    this.open.delete(delivery.event.id);
    this.parts.settler.close({
      eventId: open.event.id,
      fence: open.fence,
      subscriptionsVersion: open.version,
    });
  }

  /** The lease that covers a lazy delivery; undefined once it was given up. */
  leaseOf(delivery: Delivery): OpenEvent | undefined {
    return this.open.get(delivery.event.id);
  }

  /** Forgets an event: its lease is gone or will be given back. */
  abandon(eventId: string): void {
    this.open.delete(eventId);
  }

  /** Events that are not fully sent, forgotten herewith. */
  abandonAll(): Leased[] {
    const rest = [...this.open.values()].map(({ event, fence }) => ({ id: event.id, fence }));
    this.open.clear();
    return rest;
  }

  private sentLazily(leased: LeasedEvent, set: ActiveSet): boolean {
    const { event } = leased;
    const matches = matchesOf(event, set);
    if (subjectsOf(event, set).length > 0 || !this.canBeLazy(matches)) return false;
    if (matches.length === 0) this.parts.settler.close(closing(leased, set));
    else this.open.set(event.id, openEvent(leased, set.version, matches.length));
    this.parts.queue.push(matches.map((subscription) => this.lazyDelivery(leased, subscription)));
    return true;
  }

  private canBeLazy(matches: readonly Subscription[]): boolean {
    if (matches.length > LAZY_MATCHES || this.parts.queue.room < matches.length) return false;
    return matches.every((subscription) => this.isFree(subscription));
  }

  /** Whether this process may send to it right away. */
  private isFree(subscription: Subscription): boolean {
    const { id, state, rate } = subscription;
    const { queue, admission } = this.parts;
    return (
      state === 'enabled' && rate === null && queue.roomOf(id) > 0 && admission.waitFor(subscription) === 0
    );
  }

  private rows({ event, fence }: LeasedEvent, set: ActiveSet): FannedOut[] {
    return matchesOf(event, set).map((subscription) => {
      const ordered = subscription.ordering === 'subject' && event.subject !== null;
      const state = ordered ? 'waiting' : subscription.state === 'paused' ? 'held' : 'pending';
      return {
        id: deliveryId(event.id, subscription.id),
        eventId: event.id,
        eventFence: fence,
        subscriptionId: subscription.id,
        tenant: subscription.tenant,
        state,
        dueInMs: state === 'pending' ? this.firstDue(subscription) : null,
        lifeMs: this.settings.life,
        subject: ordered ? event.subject : null,
        sequence: ordered ? event.sequence : null,
      };
    });
  }

  /** A lease if this process sends it now, otherwise it is due for whoever has room. */
  private firstDue(subscription: Subscription): number {
    return this.isFree(subscription) ? this.settings.lease : 0;
  }

  // An event may have more subscriptions than there is room, and a subscription more events than its share: the rest is for
  // whoever has some.
  private withinRoom(rows: readonly FannedOut[]): FannedOut[] {
    const { queue } = this.parts;
    const left = new Map<string, number>();
    let { room } = queue;
    return rows.map((row) => {
      if (row.dueInMs !== this.settings.lease) return row;
      const own = left.get(row.subscriptionId) ?? queue.roomOf(row.subscriptionId);
      if (own <= 0 || room <= 0) return { ...row, dueInMs: 0 };
      left.set(row.subscriptionId, own - 1);
      room--;
      return row;
    });
  }

  private lazyDelivery({ event, leasedAt }: LeasedEvent, { id, tenant }: Subscription): Delivery {
    const row = { id: deliveryId(event.id, id), subscriptionId: id, tenant, fence: null };
    return this.firstDelivery(event, row, leasedAt);
  }

  private leasedDelivery(
    event: StoredEvent,
    { id, subscriptionId, tenant }: FannedOut,
    leasedAt: number,
  ): Delivery {
    return this.firstDelivery(event, { id, subscriptionId, tenant, fence: 1 }, leasedAt);
  }

  // Written out, as in `openEvent`: at these rates V8 takes microseconds to spread an object into another one.
  private firstDelivery(
    event: StoredEvent,
    { id, subscriptionId, tenant, fence }: Pick<Delivery, 'id' | 'subscriptionId' | 'tenant' | 'fence'>,
    leasedAt: number,
  ): Delivery {
    return {
      id,
      event,
      subscriptionId,
      tenant,
      attempts: 0,
      step: 0,
      expiresAt: event.createdAt + this.settings.life,
      fence,
      body: null,
      leasedAt,
      manual: false,
      isReplay: false,
    };
  }
}

function openEvent({ event, fence, leasedAt }: LeasedEvent, version: number, remaining: number): OpenEvent {
  return { event, fence, leasedAt, version, remaining };
}

function matchesOf(event: StoredEvent, set: ActiveSet): readonly Subscription[] {
  const wanting = set.matching(event.tenant, event.type, event.createdAt);
  // What is in a damaged event nobody can say: each of its deliveries fails, for all to see.
  if (wanting.every(({ filter }) => filter === null) || !isReadable(event)) return wanting;
  return wanting.filter((subscription) => subscription.accepts(event.type, dataOf(event)));
}

function closing({ event, fence }: LeasedEvent, set: ActiveSet): EventClosing {
  return { eventId: event.id, fence, subscriptionsVersion: set.version };
}

// Whoever is served in order waits for every earlier event of the subject, so none of them may stay open for long.
function subjectsOf({ tenant, subject }: StoredEvent, set: ActiveSet): Subject[] {
  return subject !== null && set.hasOrdered(tenant) ? [{ tenant, subject }] : [];
}
