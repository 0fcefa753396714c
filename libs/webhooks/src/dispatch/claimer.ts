import type { StoredEvent } from '../internal/event.js';
import type { ActiveSet } from '../subscriptions/active-set.js';
import type { Admission } from './admission.js';
import type { Claim, ClaimedDelivery } from './claim.js';
import type { Delivery } from './delivery.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { DispatchParts, DispatchSettings } from './dispatch-settings.js';
import type { LeasedEvent } from './fan-out.js';
import { FIRST_LEASE } from './fan-out.js';
import type { RateLimiter } from './rate-limiter.js';
import type { SweepResult } from './sweeper.js';

/** Rows of one claim: few enough that processes share a backlog, enough that a statement is cheap. */
const CLAIM_LIMIT = 500;
/** Of the window, what claims may fill: the rest is for what this process commits. */
const CLAIM_SHARE = 0.75;

/** What the claimer works with, beside what the dispatcher is given. */
export interface ClaimerParts extends Pick<DispatchParts, 'store' | 'events' | 'index' | 'clock'> {
  readonly queue: DeliveryQueue;
  readonly admission: Admission;
  readonly rates: RateLimiter;
  readonly fanOut: (fresh: readonly LeasedEvent[], leftBehind: readonly LeasedEvent[]) => void;
}

/** Fetches what is due and nobody else's, as far as there is room for it. */
export class Claimer {
  private hungry = false;
  private leftOut: ReadonlySet<string> = new Set();

  constructor(
    private readonly settings: DispatchSettings,
    private readonly parts: ClaimerParts,
  ) {}

  /** True when there was no room for what may be due, of all or of the subscription that was just sent to, and now there is. */
  wantsMore(subscriptionId: string): boolean {
    if (this.room < this.least) return false;
    return this.hungry || (this.leftOut.has(subscriptionId) && this.parts.queue.isLow(subscriptionId));
  }

  async claim(): Promise<SweepResult> {
    const { admission, clock } = this.parts;
    const limit = Math.min(CLAIM_LIMIT, this.room);
    this.hungry = limit < this.least;
    if (this.hungry) return { found: 0, nextDueInMs: null };
    const leasedAt = clock.monotonic();
    const claim = await this.lease(limit);
    admission.stop(claim.stops);
    // Another process may have changed a subscription: what is claimed goes where it is now.
    const set = await this.parts.index.atLeast(claim.subscriptionsVersion);
    await this.take(claim, set, leasedAt);
    const found = claim.deliveries.length + claim.events.length;
    const full = claim.deliveries.length >= limit || claim.events.length >= limit;
    return { found, nextDueInMs: full ? 0 : claim.nextDueInMs };
  }

  private lease(limit: number): Promise<Claim> {
    const { queue, admission, store } = this.parts;
    const excluded = admission.excluded();
    // While everything is stopped a claim brings nothing but the news that it is not any more.
    if (!excluded) return store.claim(0, this.settings.lease, { subscriptions: [], tenants: [] });
    this.leftOut = new Set(queue.saturated());
    const subscriptions = [...excluded.subscriptions, ...this.leftOut];
    return store.claim(limit, this.settings.lease, { subscriptions, tenants: excluded.tenants });
  }

  private get room(): number {
    const spare = this.settings.window * (1 - CLAIM_SHARE);
    return Math.max(0, Math.floor(this.parts.queue.room - spare));
  }

  private get least(): number {
    return Math.min(CLAIM_LIMIT / 2, Math.floor(this.settings.window / 4));
  }

  private async take(claim: Claim, set: ActiveSet, leasedAt: number): Promise<void> {
    if (claim.deliveries.length + claim.events.length === 0) return;
    const ids = new Set(claim.events.map(({ id }) => id));
    for (const { eventId } of claim.deliveries) ids.add(eventId);
    const events = await this.parts.events.load([...ids]);
    const deliveries = claim.deliveries.flatMap((row) => deliveryOf(row, events.get(row.eventId), leasedAt));
    this.parts.queue.push(await this.parts.rates.paced(deliveries, set));
    const leased = claim.events.flatMap(({ id, fence }) => {
      const event = events.get(id);
      return event ? [{ event, fence, leasedAt }] : [];
    });
    const isFresh = ({ fence }: LeasedEvent): boolean => fence === FIRST_LEASE;
    this.parts.fanOut(
      leased.filter(isFresh),
      leased.filter((each) => !isFresh(each)),
    );
  }
}

function deliveryOf(row: ClaimedDelivery, event: StoredEvent | undefined, leasedAt: number): Delivery[] {
  if (!event) return [];
  const { eventId: _eventId, ...delivery } = row;
  return [{ ...delivery, event, leasedAt, manual: false }];
}
