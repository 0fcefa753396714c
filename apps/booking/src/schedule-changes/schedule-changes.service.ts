import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WebhooksService } from 'nestjs-webhooks';
import { BookingStore } from '../orders/booking.store.js';
import type { Booking } from '../orders/booking.js';
import { itineraryOf } from '../orders/itinerary.js';
import { checkOpen } from '../orders/order-status.js';
import { viewSegment } from '../orders/order.view.js';
import type { Revision } from '../orders/segment-revisions.js';
import { reviseSegments } from '../orders/segment-revisions.js';
import { NOBODY } from '../parties/caller.js';
import { BookingClock } from '../system/booking-clock.js';
import { ScheduleChanged } from '../webhooks/catalog/schedule-changed.js';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import type { ScheduleChangeDto } from './dto/schedule-change.dto.js';
import { ScheduleChange } from './schedule-change.entity.js';
import { detailsOf } from './schedule-change.view.js';
import { goingOf, maxDelayOf, originalOf, revisionsOf } from './schedule-revision.js';

/** Takes in what airlines do to flights of orders. */
@Injectable()
export class ScheduleChangesService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly snapshots: OrderSnapshotFactory,
    private readonly bookings: BookingStore,
    private readonly clock: BookingClock,
  ) {}

  /**
   * Stores a change and moves the flights; null when the order is so already.
   *
   * @throws BookingError `ORDER_NOT_FOUND`, `ORDER_CLOSED`, `BOOKING_INVALID`, `AIRPORT_UNKNOWN`
   */
  receive(notice: ScheduleChangeDto): Promise<ScheduleChange | null> {
    return this.webhooks.transaction(async (manager) => {
      const key = await this.bookings.keyOf(manager, { agwId: notice.agw_id });
      const booking = await this.bookings.lock(manager, key);
      checkOpen(booking.order);
      const revisions = revisionsOf(booking, notice);
      if (revisions.length === 0) return null;
      const change = this.changeOf(booking, notice, revisions);
      const added = revisions.map(({ is }) => is);
      await reviseSegments(manager, booking, { revisions, added, withSeats: true });
      booking.order.bookingType = itineraryOf(booking.segments).bookingType;
      await manager.insert(ScheduleChange, change);
      await this.bookings.save(manager, booking);

      const order = await this.snapshots.take(manager, booking.order, NOBODY);
      const event = ScheduleChanged.of(order, detailsOf(change, notice));
      await this.webhooks.publish(event, { manager, tenant: key.consumerId });
      return change;
    });
  }

  private changeOf(
    booking: Booking,
    { reason_code, confirmed }: ScheduleChangeDto,
    revisions: readonly Revision[],
  ): ScheduleChange {
    const revised = goingOf(revisions);
    return Object.assign(new ScheduleChange(), {
      id: randomUUID(),
      orderId: booking.order.id,
      // By what changed: a notice may repeat what was cancelled before.
      kind: revised.length < revisions.length ? ('flight_cancel' as const) : ('schedule_change' as const),
      reason: reason_code,
      detectedAt: this.clock.now(),
      confirmed,
      previous: revisions.map(({ was }) => viewSegment(was)),
      revised,
      original: originalOf(booking),
      maxDelayMinutes: maxDelayOf(revisions),
    });
  }
}
