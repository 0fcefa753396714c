import { Injectable, Logger, Optional } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { errorFields } from '../internal/error-fields.js';

/** What every lifecycle event tells. */
export interface LifecycleEvent {
  readonly subscriptionId: string;
  readonly tenant: string;
  /** Of events about a delivery. */
  readonly deliveryId?: string;
  readonly eventId?: string;
  readonly eventType?: string;
  readonly attempts?: number;
  readonly status?: number | null;
  readonly error?: string | null;
  /** Of `webhooks.subscription.unhealthy`: percent of the way to being disabled. */
  readonly percent?: number;
  /** Of `webhooks.subscription.disabled`. */
  readonly reason?: string | null;
}

/** What `webhooks.schedule.failed` tells: an event was scheduled and could not be built or published. */
export interface ScheduleFailedEvent {
  readonly eventType: string;
  readonly key: string;
  /** Null: its event class says whose it is. */
  readonly tenant: string | null;
  readonly subject: string | null;
  readonly attempts: number;
  readonly error: string;
}

/** The names under which the host's EventEmitter2 tells of it. */
export type LifecycleName =
  | 'webhooks.delivery.failing'
  | 'webhooks.delivery.recovered'
  | 'webhooks.delivery.exhausted'
  | 'webhooks.subscription.unhealthy'
  | 'webhooks.subscription.disabled'
  | 'webhooks.subscription.enabled';

/** A name and what is told under it. */
export type Told =
  | [name: LifecycleName, event: LifecycleEvent]
  | [name: 'webhooks.schedule.failed', event: ScheduleFailedEvent];

/** Tells the host what happens to deliveries, subscriptions and schedules, if it has an EventEmitter2. */
@Injectable()
export class Lifecycle {
  private readonly logger = new Logger('Webhooks');
  private emitter: EventEmitter2 | null | undefined;

  constructor(@Optional() private readonly modules?: ModuleRef) {}

  /** Returns at once; a listener that throws, rejects or hangs changes nothing. */
  tell(...[name, event]: Told): void {
    setImmediate(() => void this.emit(...([name, event] as Told)));
  }

  private async emit(...[name, event]: Told): Promise<void> {
    try {
      await this.hostEmitter()?.emitAsync(name, event);
    } catch (error) {
      const about = 'key' in event ? { key: event.key } : { subscriptionId: event.subscriptionId };
      const fields = { ...about, tenant: event.tenant, ...errorFields(error) };
      this.logger.warn(`A listener of "${name}" failed`, fields);
    }
  }

  private hostEmitter(): EventEmitter2 | null {
    if (this.emitter === undefined) {
      try {
        this.emitter = this.modules?.get(EventEmitter2, { strict: false }) ?? null;
      } catch {
        this.emitter = null;
      }
    }
    return this.emitter;
  }
}
