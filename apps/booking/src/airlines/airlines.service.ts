import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { rowLock } from '../database/row-lock.js';
import { BookingClock } from '../system/booking-clock.js';
import { AirlineStatusChangedEvent } from './airline-status-changed.event.js';
import type { AirlineStatus } from './airline-status.js';
import { Airline } from './airline.entity.js';

/**
 * Knows which airlines can be booked. Nothing here knows of webhooks: the service emits a domain event as it always
 * did, and `AirlineStatusMapper` makes one of the catalog out of it.
 */
@Injectable()
export class AirlinesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly emitter: EventEmitter2,
    private readonly clock: BookingClock,
  ) {}

  /** Gives airlines a status; those that have it already are not announced. One we never heard of was Active. */
  async setStatus(codes: readonly string[], status: AirlineStatus): Promise<void> {
    // Always in the same order, so that two calls cannot wait for each other.
    const sorted = [...new Set(codes)].sort();
    const events = await this.dataSource.transaction(async (manager) => {
      const changed: AirlineStatusChangedEvent[] = [];
      for (const code of sorted) {
        const event = await this.change(manager, code, status);
        if (event) changed.push(event);
      }
      return changed;
    });
    for (const event of events) this.emitter.emit('airline.status', event);
  }

  private async change(manager: EntityManager, code: string, is: AirlineStatus) {
    const changedAt = this.clock.now();
    const values = { code, status: 'Active' as const, changedAt };
    await manager.createQueryBuilder().insert().into(Airline).values(values).orIgnore().execute();
    const airline = await manager.findOneOrFail(Airline, { where: { code }, ...rowLock(manager) });
    const was = airline.status;
    if (was === is) return null;
    await manager.update(Airline, { code }, { status: is, changedAt });
    return new AirlineStatusChangedEvent(code, was, is, changedAt);
  }
}
