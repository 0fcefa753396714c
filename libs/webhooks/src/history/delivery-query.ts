import type { DeliveryState } from '../dispatch/delivery.js';

/** Hundreds of status codes. */
export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

/** Which deliveries. */
export interface DeliveryQuery {
  /** Id of a subscription. */
  readonly subscription?: string | undefined;
  /** Id of an event. */
  readonly event?: string | undefined;
  /** @default all */
  readonly states?: readonly DeliveryState[] | undefined;
  /** Of the last attempt. */
  readonly statusClass?: StatusClass | undefined;
  /** Code of the last attempt's error. With a tenant in the scope `UNREACHABLE` finds what is shown as such. */
  readonly error?: string | undefined;
  /** Of events published at this instant or later: ISO 8601 or a `Date`. */
  readonly since?: string | Date | undefined;
  /** Of events published before this instant: ISO 8601 or a `Date`. */
  readonly until?: string | Date | undefined;
  /** True: test sends only, false: without them. @default both */
  readonly test?: boolean | undefined;
  /** From 1 to 250. @default 50 */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** How a delivery is sent again. */
export interface ResendOptions {
  /** `stored`: the bytes of its first attempt; `current`: what its subscription makes of the event today. @default 'stored' */
  readonly render?: 'stored' | 'current' | undefined;
}
