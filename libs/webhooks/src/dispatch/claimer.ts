import type { StoredEvent } from '../internal/event.js';
import type { Admission } from './admission.js';
import type { Claim, ClaimedDelivery } from './claim.js';
import type { Delivery } from './delivery.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { DispatchParts, DispatchSettings, Excluded } from './dispatch-settings.js';
import type { DueWorks } from './due-work.js';
import type { LeasedEvent } from './fan-out.js';
import { FIRST_LEASE } from './fan-out.js';
import { EVERYWHERE, LowWater } from './low-water.js';
import type { RateLimiter } from './rate-limiter.js';
import type { SweepResult } from './sweeper.js';
import type { IsTakenBack, TakenBack } from './taken-back.js';

/** Rows of one claim: few enough that processes share a backlog, enough that a statement is cheap. */
const CLAIM_LIMIT = 500;
/** Of the window, what claims may fill: the rest is for what this process commits. */
const CLAIM_SHARE = 0.75;
/** Of the limit, what the smallest list of a claim may bring: with so much there may be more of it. */
const LEAST_SHARE = 1 / 14;

const NOBODY = { subscriptions: [], tenants: [], replaysTo: [], before: EVERYWHERE };

/** What the claimer works with, beside what the dispatcher is given. */
export interface ClaimerParts extends Pick<DispatchParts, 'store' | 'events' | 'index' | 'clock'> {
  readonly queue: DeliveryQueue;
  readonly admission: Admission;
  readonly rates: RateLimiter;
  readonly fanOut: (fresh: readonly LeasedEvent[], leftBehind: readonly LeasedEvent[]) => void;
  readonly works: DueWorks;
  readonly takenBack: TakenBack;
}

/** What a claim brought, with the events that it is about. */
interface Fetched {
  readonly claim: Claim;
  readonly events: readonly LeasedEvent[];
  readonly deliveries: readonly Delivery[];
}

/** Fetches what is due and nobody else's, as far as there is room for it. */
export class Claimer {
  private hungry = false;
  private claimedAt = -Infinity;
  private leftOut: ReadonlySet<string> = new Set();
  private withoutReplays: ReadonlySet<string> = new Set();
  /** Since the last claim was made something goes out again that operators had stopped: it left that out. */
  private hasLetGo = false;
  /** By priority. */
  private readonly lowWater = EVERYWHERE.map(() => new LowWater());

  constructor(
    private readonly settings: DispatchSettings,
    private readonly parts: ClaimerParts,
  ) {}

  /** True when there was no room for what may be due, of all or of the subscription that was just sent to, and now there is. */
  wantsMore(subscriptionId: string): boolean {
    if (this.room < this.least) return false;
    const { queue } = this.parts;
    const isLow = this.leftOut.has(subscriptionId) && queue.isLow(subscriptionId, 'live');
    return (
      this.hungry ||
      isLow ||
      (this.withoutReplays.has(subscriptionId) && queue.isLow(subscriptionId, 'replays'))
    );
  }

  /** The last claim brought nothing of somebody who had enough in hand, or was stopped until then: more of that may be due. */
  get leftSomebodyOut(): boolean {
    return this.hasLetGo || this.leftOut.size + this.withoutReplays.size > 0;
  }

  /** The next claim looks for everything that is due, however long ago. */
  lookEverywhere(): void {
    for (const water of this.lowWater) water.drop();
  }

  claim(): Promise<SweepResult> {
    return this.parts.takenBack.during((isTakenBack) => this.claimUnless(isTakenBack));
  }

  private async claimUnless(isTakenBack: IsTakenBack): Promise<SweepResult> {
    const { clock } = this.parts;
    const limit = Math.min(CLAIM_LIMIT, this.room);
    this.hungry = limit < this.least;
    if (this.hungry) return this.claimNothing();
    const free = this.parts.queue.keep(limit);
    const { claim, events, deliveries } = await this.fetch(limit, clock.monotonic()).finally(free);
    this.parts.queue.push(deliveries.filter(({ id, event }) => !isTakenBack(id) && !isTakenBack(event.id)));
    this.fanOut(events.filter(({ event }) => !isTakenBack(event.id)));
    const found = claim.deliveries.length + claim.events.length;
    const full = claim.deliveries.length >= Math.ceil(limit * LEAST_SHARE) || claim.events.length >= limit;
    const nextDueInMs = soonest(claim.nextDueInMs, this.parts.works.begin(claim.workDueInMs));
    return { found, nextDueInMs: full || this.hasLetGo ? 0 : nextDueInMs };
  }

  // Without room for deliveries, other work still has its turn; not at every wake-up, of which there are many then.
  private async claimNothing(): Promise<SweepResult> {
    const { clock, works } = this.parts;
    if (clock.monotonic() - this.claimedAt < this.settings.sweepInterval)
      return { found: 0, nextDueInMs: null };
    const { workDueInMs } = await this.claimOf(0, NOBODY);
    return { found: 0, nextDueInMs: works.begin(workDueInMs) };
  }

  private async fetch(limit: number, leasedAt: number): Promise<Fetched> {
    const claim = await this.lease(limit);
    // Another process may have changed a subscription: what is claimed goes where it is now.
    const set = await this.parts.index.atLeast(claim.subscriptionsVersion);
    const stored = await this.load(claim);
    const orphans = claim.deliveries.filter(({ eventId }) => !stored.has(eventId));
    if (orphans.length > 0) await this.parts.store.hold(orphans);
    const deliveries = claim.deliveries.flatMap((row) => deliveryOf(row, stored.get(row.eventId), leasedAt));
    const events = claim.events.flatMap(({ id, fence }) => {
      const event = stored.get(id);
      return event ? [{ event, fence, leasedAt }] : [];
    });
    return { claim, events, deliveries: await this.parts.rates.paced(deliveries, set) };
  }

  private async lease(limit: number): Promise<Claim> {
    const { queue, admission, clock } = this.parts;
    const excluded = admission.excluded();
    this.leftOut = new Set(excluded ? queue.saturated('live') : []);
    this.withoutReplays = new Set(excluded ? queue.saturated('replays') : []);
    // While everything is stopped a claim brings nothing but the news that it is not any more, and what other work is due.
    if (!excluded) return this.claimOf(0, NOBODY);
    const { tenants } = excluded;
    const subscriptions = [...excluded.subscriptions, ...this.leftOut];
    const replaysTo = [...excluded.subscriptions, ...this.withoutReplays];
    const leftOut = [subscriptions, subscriptions, replaysTo];
    const now = clock.monotonic();
    const before = this.lowWater.map((water, n) => water.begin([...leftOut[n]!, ...tenants], now));
    const claim = await this.claimOf(limit, { subscriptions, tenants, replaysTo, before });
    this.lowWater.forEach((water, n) => water.reached(claim.first[n]!));
    return claim;
  }

  private async claimOf(limit: number, excluded: Excluded): Promise<Claim> {
    const { store, clock, works, admission } = this.parts;
    this.claimedAt = clock.monotonic();
    const { stopped } = admission;
    const answer = admission.asking();
    const claim = await store.claim(limit, this.settings.lease, excluded, works.kinds);
    answer(claim.stops);
    this.hasLetGo = [...stopped].some((scope) => !admission.stopped.has(scope));
    return claim;
  }

  private get room(): number {
    const { capacity, room, size } = this.parts.queue;
    const limit = Math.floor(room - capacity * (1 - CLAIM_SHARE));
    return Math.max(size === 0 && room > 0 ? 1 : 0, limit);
  }

  private get least(): number {
    return Math.max(1, Math.min(CLAIM_LIMIT / 2, Math.floor(this.parts.queue.capacity / 8)));
  }

  private async load(claim: Claim): Promise<Map<string, StoredEvent>> {
    const ids = new Set(claim.events.map(({ id }) => id));
    for (const { eventId } of claim.deliveries) ids.add(eventId);
    return this.parts.events.load([...ids]);
  }

  private fanOut(events: readonly LeasedEvent[]): void {
    const isFresh = ({ fence }: LeasedEvent): boolean => fence === FIRST_LEASE;
    this.parts.fanOut(
      events.filter(isFresh),
      events.filter((each) => !isFresh(each)),
    );
  }
}

function soonest(one: number | null, another: number | null): number | null {
  return one === null || another === null ? (one ?? another) : Math.min(one, another);
}

function deliveryOf(row: ClaimedDelivery, event: StoredEvent | undefined, leasedAt: number): Delivery[] {
  if (!event) return [];
  const { id, subscriptionId, tenant, attempts, step, expiresAt, fence, body, isReplay } = row;
  // In the order of the fan-out, and written out: so that V8 sees one shape of object everywhere.
  return [
    {
      id,
      event,
      subscriptionId,
      tenant,
      attempts,
      step,
      expiresAt,
      fence,
      body,
      leasedAt,
      manual: false,
      isReplay,
    },
  ];
}
