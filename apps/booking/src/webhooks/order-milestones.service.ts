import { Inject, Injectable } from '@nestjs/common';
import { WebhooksService } from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import type { BookingConfig } from '../config.js';
import { BOOKING_CONFIG } from '../config.module.js';
import type { Booking } from '../orders/booking.js';
import type { Segment } from '../orders/entities/segment.entity.js';
import { journeyOf } from '../orders/journey.js';
import { OrderCompleted } from './catalog/order-completed.js';
import { OrderStarted } from './catalog/order-started.js';

/** What is told when a journey is over. */
export interface JourneyEnd {
  readonly flight: Segment;
  readonly at: Date;
}

/**
 * Knows when journeys begin and end. What is kept for that is one row for an order and milestone, written in the
 * transaction of every change that could move it; no timer, and nothing of the event itself, which
 * `MilestoneBuilder` makes of the order as it is when it is due.
 */
@Injectable()
export class OrderMilestones {
  constructor(
    private readonly webhooks: WebhooksService,
    @Inject(BOOKING_CONFIG) private readonly config: BookingConfig,
  ) {}

  /** Sets, moves or takes back the order's next milestone, after its status or its flights have changed. */
  async arm(manager: EntityManager, booking: Booking): Promise<void> {
    const journey = journeyOf(booking);
    if (!journey) return this.disarm(manager, booking);
    const at = journey.first.departureAt;
    const isToCome = await this.webhooks.schedule(OrderStarted, { ...nameOf(booking), at, manager });
    // A journey that has begun cannot begin again: it is its end that has moved.
    if (!isToCome) await this.armCompletion(manager, booking);
  }

  /** Sets the end of a journey. Not before it has begun: however late both are, the end is told of after the beginning. */
  async armCompletion(manager: EntityManager, booking: Booking): Promise<void> {
    const end = this.endOf(booking);
    if (!end) return;
    await this.webhooks.schedule(OrderCompleted, { ...nameOf(booking), at: end.at, manager });
  }

  /** The flight with which a journey ends, and when; null: there is no journey. */
  endOf(booking: Booking): JourneyEnd | null {
    const journey = journeyOf(booking);
    if (!journey) return null;
    const { lastToLand, lastToLeave } = journey;
    return this.config.completedAt === 'arrival'
      ? { flight: lastToLand, at: lastToLand.arrivalAt }
      : { flight: lastToLeave, at: lastToLeave.departureAt };
  }

  private async disarm(manager: EntityManager, { order }: Booking): Promise<void> {
    await this.webhooks.unschedule(OrderStarted, order.agwId, { manager });
    await this.webhooks.unschedule(OrderCompleted, order.agwId, { manager });
  }
}

function nameOf({ order: { agwId, consumerId } }: Booking) {
  return { key: agwId, subject: `order:${agwId}`, tenant: consumerId };
}
