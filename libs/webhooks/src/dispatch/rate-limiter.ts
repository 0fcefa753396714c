import type { ActiveSet } from '../subscriptions/active-set.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { Admission } from './admission.js';
import type { Delivery, Settlement } from './delivery.js';

/** So many requests in so many milliseconds. */
export interface Rate {
  readonly limit: number;
  readonly perMs: number;
}

/** What of a rate was given: how many may go, and when the next could. */
export interface RateGrant {
  readonly granted: number;
  readonly nextInMs: number;
}

/** What the rate limiter works with. */
export interface RateParts {
  /** Reserves up to `wanted` requests; every process draws from the same account. */
  reserve(subscriptionId: string, wanted: number, rate: Rate): Promise<RateGrant>;
  readonly admission: Admission;
  /** Records that a delivery was put off. */
  putOff(settlement: Settlement): void;
}

/** Keeps subscriptions with a rate limit to it, over all processes: what a claim brought beyond it is put off. */
export class RateLimiter {
  constructor(private readonly parts: RateParts) {}

  /** Those of the deliveries that may go now. */
  async paced(deliveries: readonly Delivery[], set: ActiveSet): Promise<Delivery[]> {
    const now: Delivery[] = [];
    const limited = new Map<string, Delivery[]>();
    for (const delivery of deliveries) {
      if (!set.byId(delivery.subscriptionId)?.rate) now.push(delivery);
      else limited.set(delivery.subscriptionId, [...(limited.get(delivery.subscriptionId) ?? []), delivery]);
    }
    for (const [id, waiting] of limited) now.push(...(await this.within(set.byId(id)!, waiting)));
    return now;
  }

  private async within(subscription: Subscription, deliveries: readonly Delivery[]): Promise<Delivery[]> {
    const { id, rate } = subscription;
    const { granted, nextInMs } = await this.parts.reserve(id, deliveries.length, rate!);
    const late = deliveries.slice(granted);
    if (late.length > 0) this.parts.admission.skip(subscription, nextInMs);
    for (const delivery of late) this.parts.putOff(putOff(delivery, nextInMs));
    return deliveries.slice(0, granted);
  }
}

/** Puts a delivery back without an attempt: nothing was sent, and nothing is charged to its schedule. */
export function putOff(delivery: Delivery, waitMs: number): Settlement {
  const { step } = delivery;
  return { delivery, state: 'pending', retryInMs: Math.ceil(waitMs), step, attempt: null, body: null };
}
