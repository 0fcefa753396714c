import { Injectable } from '@nestjs/common';
import type { EventMapper, Publication } from 'nestjs-webhooks';
import { ALL_TENANTS, WebhookMapper } from 'nestjs-webhooks';
import { AirlineStatusChangedEvent } from '../airlines/airline-status-changed.event.js';
import { AirlineStatusChanged } from './catalog/airline-status-changed.js';

/**
 * The second style: where the services of an application cannot be touched, their domain events are bridged. The
 * price: the event lives in memory alone from the emit until it is stored, and a crash in between loses it. That
 * is why orders do not go this way. Who misses a status can still ask for it.
 */
@Injectable()
@WebhookMapper(AirlineStatusChangedEvent)
export class AirlineStatusMapper implements EventMapper<AirlineStatusChangedEvent> {
  map({ airline, was, is, at }: AirlineStatusChangedEvent): Publication {
    return { event: AirlineStatusChanged.of(airline, was, is), tenant: ALL_TENANTS, occurredAt: at };
  }
}
