import { Injectable } from '@nestjs/common';
import type { DeliveryView, EventView, TenantScope } from 'nestjs-webhooks';
import { DeliveriesService, EventsService, SubscriptionsService } from 'nestjs-webhooks';
import type { AtlasClient } from './atlas-client.entity.js';

/** What became of one notification of an incident. */
export interface SentNotification {
  /** The `webhook-id` it was sent with. */
  readonly webhookId: string;
  readonly state: DeliveryView['state'];
  readonly attempts: number;
  readonly lastStatus: number | null;
}

const ALL = 250;

/** Looks up in the library's archive what a client was sent: what Atlas itself could not say. */
@Injectable()
export class AtlasArchive {
  constructor(
    private readonly events: EventsService,
    private readonly deliveries: DeliveriesService,
    private readonly subscriptions: SubscriptionsService,
  ) {}

  /** By the incidents of these orders; of one that is not there nothing was sent. */
  async sentOf(
    client: AtlasClient,
    orderNos: ReadonlySet<string>,
  ): Promise<Map<unknown, SentNotification[]>> {
    const scope = { tenant: client.consumerId };
    const own = await this.subscriptionsOf(client);
    const sent = new Map<unknown, SentNotification[]>();
    for (const { id, data } of await this.eventsOf(orderNos, scope)) {
      const { items: all } = await this.deliveries.list({ event: id, limit: ALL }, scope);
      const notifications = all.filter((one) => own.has(one.subscription_id)).map(notificationOf);
      const incident = data?.['incident_id'];
      sent.set(incident, [...(sent.get(incident) ?? []), ...notifications]);
    }
    return sent;
  }

  /** Those of an order the oldest first. */
  private async eventsOf(orderNos: ReadonlySet<string>, scope: TenantScope): Promise<EventView[]> {
    const found: EventView[] = [];
    for (const orderNo of orderNos) {
      const query = { types: ['IncidentDetected'], subject: `order:${orderNo}`, limit: ALL };
      found.push(...(await this.events.list(query, scope)).items.toReversed());
    }
    return found;
  }

  private async subscriptionsOf({ cid, consumerId }: AtlasClient): Promise<Set<string>> {
    const { items } = await this.subscriptions.list({ tenant: consumerId, limit: ALL });
    return new Set(items.filter(({ uid }) => uid?.startsWith(`atlas:${cid}:`)).map(({ id }) => id));
  }
}

function notificationOf({ event_id, state, attempts, last_status }: DeliveryView): SentNotification {
  return { webhookId: event_id, state, attempts, lastStatus: last_status };
}
