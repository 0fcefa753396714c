import type { Delivery } from './delivery.js';

/** A delivery's row as it was opened again. */
export type ReopenedDelivery = Pick<
  Delivery,
  'id' | 'subscriptionId' | 'tenant' | 'attempts' | 'expiresAt' | 'body'
> & { readonly eventId: string; readonly fence: number };

/** Opens a row again: due in so many milliseconds, to be tried for so many. */
export type Reopen<T> = (dueInMs: number, lifeMs: number) => Promise<T | undefined>;
