import { Injectable } from '@nestjs/common';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import type { EventType } from '../catalog/event-type.js';
import { Dispatcher } from '../dispatch/dispatcher.service.js';
import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { SubscriptionNotFoundError } from '../errors/subscription-not-found-error.js';
import { Clock } from '../internal/clock.js';
import { deliveryId, newId } from '../internal/ids.js';
import { withoutPrototype } from '../internal/without-prototype.js';
import { TrialStore } from '../storage/trial.store.js';
import type { TenantScope } from '../subscriptions/subscription.editor.js';
import { SubscriptionIndex } from '../subscriptions/subscription.index.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { chosenType } from './choose-types.js';
import type { TrialEvent } from './preview.js';
import { TestQuota } from './test-quota.service.js';
import { TrialData } from './trial-data.js';

/** Where to look for what became of a test. */
export interface TestSend {
  /** Also the `webhook-id` of the request. */
  readonly event_id: string;
  /** For `DeliveriesService.get`. */
  readonly delivery_id: string;
}

/** Sends one marked event to one subscription. */
@Injectable()
export class TestSends {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly index: SubscriptionIndex,
    private readonly quota: TestQuota,
    private readonly store: TrialStore,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
  ) {}

  /** What {@link TrialsService.send} says. */
  async send(subscriptionId: string, given: TrialEvent, scope: TenantScope): Promise<TestSend> {
    const event = withoutPrototype(given);
    const subscription = await this.find(subscriptionId, scope);
    const { id, tenant } = subscription;
    const type = this.typeFor(subscription, event);
    // First: to judge what is wrong costs more than to send what is right.
    await this.quota.take(tenant);
    const { text } = TrialData.of(type, event.data);
    const eventId = newId('evt', this.clock.now());
    const test = {
      eventId,
      deliveryId: deliveryId(eventId, id),
      subscriptionId: id,
      tenant,
      type: type.name,
      data: text,
      catalogVersion: type.version,
    };
    await this.dispatcher.reopen((dueInMs, lifeMs) => this.store.insert(test, dueInMs, lifeMs));
    return { event_id: eventId, delivery_id: test.deliveryId };
  }

  private async find(id: string, { tenant }: TenantScope): Promise<Subscription> {
    const subscription = await this.index.find(id);
    if (subscription && (tenant === undefined || subscription.tenant === tenant)) return subscription;
    throw new SubscriptionNotFoundError(`id ${JSON.stringify(id)}`);
  }

  private typeFor(subscription: Subscription, event: TrialEvent): EventType {
    const types = this.catalog.all().filter(({ name }) => subscription.wants(name));
    const [first] = types;
    const message = 'The subscription asks for no event type that the catalog has.';
    if (!first) throw new SubscriptionInvalidError([{ path: 'event_type', message }]);
    return chosenType(event, types, this.catalog) ?? first;
  }
}
