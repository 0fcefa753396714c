import type { EntityManager } from 'typeorm';
import type { OrderEvent, OrderSnapshot } from '../../webhooks/catalog/order-event.js';
import { BookingError } from '../booking-error.js';
import type { Booking } from '../booking.js';
import { toMajor } from '../money.js';
import type { OrderPart } from '../order-parts.js';

/** Makes the event of a change, once it is known how the order looks after all of them. */
export type Announcement = (order: OrderSnapshot) => OrderEvent;

/** One change of one order while it is carried out: what has changed so far, and what there is to tell. */
export class OrderEdit {
  readonly announcements: Announcement[] = [];
  private readonly parts = new Set<OrderPart>();

  constructor(
    readonly manager: EntityManager,
    readonly booking: Booking,
  ) {}

  /** Empty: everything was so already. */
  get changes(): OrderPart[] {
    return [...this.parts];
  }

  /** Notes that a part of the order is another one now. */
  touch(part: OrderPart): void {
    this.parts.add(part);
  }

  /** Adds to the list of specific events; the umbrella event comes after them. */
  announce(announcement: Announcement): void {
    this.announcements.push(announcement);
  }

  /**
   * Makes the order dearer, or cheaper, and returns by how much as partners see it.
   *
   * @throws BookingError `BOOKING_INVALID` when it would cost less than nothing
   */
  addToTotal(minor: number): number {
    const { order } = this.booking;
    order.totalAmountMinor += minor;
    if (order.totalAmountMinor >= 0) return toMajor(minor, order.currency);
    throw new BookingError('BOOKING_INVALID', `${order.agwId} would cost less than nothing.`);
  }
}
