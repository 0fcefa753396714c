import type { StoredEvent } from '../internal/event.js';
import type { Claim, ClaimedDelivery } from './claim.js';
import type { Delivery } from './delivery.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { DispatchParts, DispatchSettings } from './dispatch-settings.js';
import type { LeasedEvent } from './fan-out.js';
import { FIRST_LEASE } from './fan-out.js';
import type { SweepResult } from './sweeper.js';

/** Rows of one claim: few enough that processes share a backlog, enough that a statement is cheap. */
const CLAIM_LIMIT = 500;

/** Fetches what is due and nobody else's, as far as there is room for it. */
export class Claimer {
  private hungry = false;

  constructor(
    private readonly settings: DispatchSettings,
    private readonly parts: DispatchParts,
    private readonly queue: DeliveryQueue,
    private readonly fanOut: (fresh: readonly LeasedEvent[], leftBehind: readonly LeasedEvent[]) => void,
  ) {}

  /** True when there was no room for what may be due, and now there is. */
  get wantsMore(): boolean {
    return this.hungry && this.queue.room > this.settings.window / 2;
  }

  async claim(): Promise<SweepResult> {
    const limit = Math.min(CLAIM_LIMIT, this.queue.room);
    this.hungry = limit < Math.min(CLAIM_LIMIT, this.settings.window) / 2;
    if (this.hungry) return { found: 0, nextDueInMs: null };
    const leasedAt = this.parts.clock.monotonic();
    const claim = await this.parts.store.claim(limit, this.settings.lease, this.queue.saturated());
    // Another process may have changed a subscription: what is claimed goes where it is now.
    await this.parts.index.atLeast(claim.subscriptionsVersion);
    await this.take(claim, leasedAt);
    const full = claim.deliveries.length >= limit || claim.events.length >= limit;
    return {
      found: claim.deliveries.length + claim.events.length,
      nextDueInMs: full ? 0 : claim.nextDueInMs,
    };
  }

  private async take(claim: Claim, leasedAt: number): Promise<void> {
    if (claim.deliveries.length + claim.events.length === 0) return;
    const ids = new Set(claim.events.map(({ id }) => id));
    for (const { eventId } of claim.deliveries) ids.add(eventId);
    const events = await this.parts.events.load([...ids]);
    this.queue.push(claim.deliveries.flatMap((row) => deliveryOf(row, events.get(row.eventId), leasedAt)));
    const leased = claim.events.flatMap(({ id, fence }) => {
      const event = events.get(id);
      return event ? [{ event, fence, leasedAt }] : [];
    });
    const isFresh = ({ fence }: LeasedEvent): boolean => fence === FIRST_LEASE;
    this.fanOut(
      leased.filter(isFresh),
      leased.filter((each) => !isFresh(each)),
    );
  }
}

function deliveryOf(row: ClaimedDelivery, event: StoredEvent | undefined, leasedAt: number): Delivery[] {
  if (!event) return [];
  const { id, subscriptionId, tenant, attempts, fence, body } = row;
  return [{ id, event, subscriptionId, tenant, attempts, fence, body, leasedAt }];
}
