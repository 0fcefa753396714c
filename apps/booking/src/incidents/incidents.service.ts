import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WebhooksService } from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import { BookingError } from '../orders/booking-error.js';
import { BookingStore } from '../orders/booking.store.js';
import type { Order } from '../orders/entities/order.entity.js';
import { NOBODY } from '../parties/caller.js';
import { BookingClock } from '../system/booking-clock.js';
import { IncidentDetected } from '../webhooks/catalog/incident-detected.js';
import { OrderSnapshotFactory } from '../webhooks/order-snapshot.factory.js';
import type { DetectIncidentDto, UpdateIncidentDto } from './dto/incident.dto.js';
import { evidenceOf } from './evidence.js';
import { detailsOf } from './incident.view.js';
import { Incident } from './incident.entity.js';

/** Keeps what operations must look at. */
@Injectable()
export class IncidentsService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly snapshots: OrderSnapshotFactory,
    private readonly bookings: BookingStore,
    private readonly clock: BookingClock,
  ) {}

  /**
   * Opens an incident; while one of the same order, type and evidence is open, that one. It is announced when it is
   * opened and when it is confirmed.
   *
   * @throws BookingError `ORDER_NOT_FOUND`, `BOOKING_INVALID` when there is no such evidence
   */
  detect(request: DetectIncidentDto): Promise<Incident> {
    return this.webhooks.transaction(async (manager) => {
      const { type, evidence, confirmed = false } = request;
      const key = await this.bookings.keyOf(manager, { agwId: request.agw_id });
      const { order } = await this.bookings.lock(manager, key);
      const open = { orderId: order.id, type, evidence, closedAt: IsNull() };
      const known = await manager.findOneBy(Incident, open);
      if (known) return confirmed ? this.confirm(manager, order, known) : known;
      const now = this.clock.now();
      const incident = Object.assign(new Incident(), {
        ...{ id: randomUUID(), orderId: order.id, type, evidence, confirmed, closedAt: null },
        ...{ details: await evidenceOf(manager, order, request), detectedAt: now, updatedAt: now },
      });
      await manager.insert(Incident, incident);
      await this.announce(manager, order, incident);
      return incident;
    });
  }

  /** @throws BookingError `INCIDENT_NOT_FOUND` */
  update(id: string, { confirmed, closed }: UpdateIncidentDto): Promise<Incident> {
    return this.webhooks.transaction(async (manager) => {
      const { orderId } = await this.read(manager, id);
      const { order } = await this.bookings.lock(
        manager,
        await this.bookings.keyOf(manager, { id: orderId }),
      );
      let incident = await this.read(manager, id);
      if (confirmed) incident = await this.confirm(manager, order, incident);
      if (closed && incident.closedAt === null) {
        incident.updatedAt = incident.closedAt = this.clock.now();
        await manager.save(incident);
      }
      return incident;
    });
  }

  private async read(manager: EntityManager, id: string): Promise<Incident> {
    const incident = await manager.findOneBy(Incident, { id });
    if (incident) return incident;
    throw new BookingError('INCIDENT_NOT_FOUND', `There is no incident ${id}.`);
  }

  private async confirm(manager: EntityManager, order: Order, incident: Incident): Promise<Incident> {
    if (incident.confirmed) return incident;
    incident.confirmed = true;
    incident.updatedAt = this.clock.now();
    await manager.save(incident);
    await this.announce(manager, order, incident);
    return incident;
  }

  private async announce(manager: EntityManager, order: Order, incident: Incident): Promise<void> {
    const snapshot = await this.snapshots.take(manager, order, NOBODY);
    const event = IncidentDetected.of(snapshot, detailsOf(incident));
    await this.webhooks.publish(event, { manager, tenant: order.consumerId });
  }
}
