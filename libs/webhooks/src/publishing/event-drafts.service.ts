import { Injectable } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { Observation } from '../dispatch/observer.js';
import { TenantRequiredError } from '../errors/tenant-required-error.js';
import { Clock } from '../internal/clock.js';
import type { NewEvent } from '../internal/event.js';
import { newId } from '../internal/ids.js';
import { DEFAULT_TENANT } from '../internal/tenants.js';
import { withoutPrototype } from '../internal/without-prototype.js';
import { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import { draftOf } from './event-draft.js';
import type { Publication, PublishOptions } from './publish-options.js';
import { publicationOf } from './publish-options.js';

/** Makes of an instance of an event class what is written. */
@Injectable()
export class EventDrafts {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly index: SubscriptionIndex,
    private readonly clock: Clock,
    private readonly observation: Observation,
  ) {}

  /** @throws EventInvalidError, EventTooLargeError, UnknownEventTypeError, TenantRequiredError */
  draft(event: object, options: PublishOptions): NewEvent {
    const type = this.catalog.of(event);
    const tenant = options.tenant ?? type.tenantOf(event) ?? this.onlyTenant(type.name);
    const id = newId('evt', this.clock.now());
    const trace = this.observation.observer?.traceOf() ?? null;
    return draftOf(event, type, { id, tenant, options, trace });
  }

  /** @throws what {@link draft} throws */
  fromPublication(published: object | Publication): NewEvent {
    const { event, ...options } = publicationOf(published, this.catalog);
    return this.draft(event, withoutPrototype(options));
  }

  private onlyTenant(eventType: string): string {
    if (this.index.hasTenants) throw new TenantRequiredError(eventType);
    return DEFAULT_TENANT;
  }
}
