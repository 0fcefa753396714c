import { BookingError } from './booking-error.js';

/** `failed` is terminal like `cancelled`: a booking that the supplier never made. Nothing leads there from inside. */
export type OrderStatus = 'on_hold' | 'ticketing' | 'ticketed' | 'cancelled' | 'failed';

/** How partners have always read the statuses. */
export const ORDER_STATUS_TEXTS = {
  on_hold: 'on hold',
  ticketing: 'ticketing',
  ticketed: 'ticketed',
  cancelled: 'cancelled',
  failed: 'failed',
} as const satisfies Record<OrderStatus, string>;

/** One of the public spellings. */
export type OrderStatusText = (typeof ORDER_STATUS_TEXTS)[OrderStatus];

const NEXT: Record<OrderStatus | 'new', readonly OrderStatus[]> = {
  new: ['on_hold', 'ticketing'],
  on_hold: ['ticketing', 'cancelled'],
  ticketing: ['ticketed', 'on_hold', 'cancelled'],
  ticketed: ['ticketing', 'cancelled'],
  cancelled: [],
  failed: [],
};

/**
 * The status an order has after the step `from` → `to`.
 *
 * @throws BookingError `TRANSITION_FORBIDDEN` when the status machine has no such step.
 */
export function advance(from: OrderStatus | 'new', to: OrderStatus): OrderStatus {
  if (NEXT[from].includes(to)) return to;
  const was = from === 'new' ? 'new' : ORDER_STATUS_TEXTS[from];
  throw new BookingError(
    'TRANSITION_FORBIDDEN',
    `An order that is ${was} cannot become ${ORDER_STATUS_TEXTS[to]}.`,
  );
}

/** Whether nothing can happen to such an order any more. */
export function isClosed(status: OrderStatus): boolean {
  return NEXT[status].length === 0;
}

/** @throws BookingError `ORDER_CLOSED` */
export function checkOpen({ agwId, status }: { readonly agwId: string; readonly status: OrderStatus }): void {
  if (!isClosed(status)) return;
  const message = `${agwId} is ${ORDER_STATUS_TEXTS[status]}: nothing of it can be changed.`;
  throw new BookingError('ORDER_CLOSED', message);
}
