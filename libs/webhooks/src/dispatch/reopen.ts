import type { StoredEvent } from '../internal/event.js';
import type { Delivery } from './delivery.js';

/** A delivery's row as it was opened again. */
export type ReopenedDelivery = Pick<
  Delivery,
  'id' | 'subscriptionId' | 'tenant' | 'attempts' | 'expiresAt' | 'body'
> & { readonly eventId: string; readonly fence: number };

/** Opens a row again: due in so many milliseconds, to be tried for so many. */
export type Reopen<T> = (dueInMs: number, lifeMs: number) => Promise<T | undefined>;

/** What is sent of it, with its event and the instant of its lease (monotonic milliseconds). */
export function deliveryByHand(row: ReopenedDelivery, event: StoredEvent, leasedAt: number): Delivery {
  const { id, subscriptionId, tenant, attempts, expiresAt, fence, body } = row;
  const own = { id, event, subscriptionId, tenant, attempts, expiresAt, fence, body };
  return { ...own, step: 0, leasedAt, manual: true, isReplay: false };
}
