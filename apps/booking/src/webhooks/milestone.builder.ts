import { Injectable } from '@nestjs/common';
import type { BuildContext } from 'nestjs-webhooks';
import { BuildsWebhook } from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import { BookingStore } from '../orders/booking.store.js';
import type { Booking } from '../orders/booking.js';
import { journeyOf } from '../orders/journey.js';
import { NOBODY } from '../parties/caller.js';
import { OrderCompleted } from './catalog/order-completed.js';
import type { OrderSnapshot } from './catalog/order-event.js';
import { OrderStarted } from './catalog/order-started.js';
import { segmentData } from './catalog/segment-data.js';
import { OrderMilestones } from './order-milestones.service.js';
import { OrderSnapshotFactory } from './order-snapshot.factory.js';

/** Makes the events of the clock when they are due, from the order as it is then; null when there is no journey any more. */
@Injectable()
export class MilestoneBuilder {
  constructor(
    private readonly milestones: OrderMilestones,
    private readonly bookings: BookingStore,
    private readonly snapshots: OrderSnapshotFactory,
  ) {}

  @BuildsWebhook(OrderStarted)
  async started(_: string, manager: EntityManager, context: BuildContext): Promise<OrderStarted | null> {
    const booking = await this.lock(manager, context);
    const journey = journeyOf(booking);
    if (!journey) return null;
    await this.milestones.armCompletion(manager, booking);
    const first_segment = segmentData(journey.first);
    return OrderStarted.of(await this.snapshot(manager, booking), { first_segment });
  }

  @BuildsWebhook(OrderCompleted)
  async completed(_: string, manager: EntityManager, context: BuildContext): Promise<OrderCompleted | null> {
    const booking = await this.lock(manager, context);
    const end = this.milestones.endOf(booking);
    if (!end) return null;
    const last_segment = segmentData(end.flight);
    return OrderCompleted.of(await this.snapshot(manager, booking), { last_segment });
  }

  /** Changes of the order wait, or are there already: then the milestone has moved, and this firing is undone. */
  private lock(manager: EntityManager, { key, tenant }: BuildContext): Promise<Booking> {
    return this.bookings.lock(manager, { agwId: key, consumerId: tenant ?? '' });
  }

  private snapshot(manager: EntityManager, { order }: Booking): Promise<OrderSnapshot> {
    return this.snapshots.take(manager, order, NOBODY);
  }
}
