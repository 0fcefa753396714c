import { Injectable, NotFoundException } from '@nestjs/common';
import type { Author, SubscriptionInput, SubscriptionView } from 'nestjs-webhooks';
import { EventCatalog, SubscriptionsService } from 'nestjs-webhooks';
import { AIRGATEWAY_EVENTS } from './airgateway-events.js';

/** The request in their form: `{ method?, url, header?, json_body? }`. */
export type HttpRequest = SubscriptionInput['http_request'];

/** What is configured for an event. */
export interface ConfiguredEvent {
  /** By the name of our catalog, whichever spelling was asked for. */
  readonly event: string;
  readonly http_request: HttpRequest;
}

/**
 * AirGateway's way to subscribe: one request for each event, at any endpoint. Each is a subscription whose key is its event, so
 * both of their spellings of an event mean the same one. Both of their spellings of a field are the catalog's.
 */
@Injectable()
export class AirGatewayConfigurations {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly catalog: EventCatalog,
  ) {}

  /** What this customer has configured. */
  async all(tenant: string): Promise<ConfiguredEvent[]> {
    const { items } = await this.subscriptions.list({ tenant, limit: 250 });
    return AIRGATEWAY_EVENTS.flatMap((event) =>
      items.filter(({ uid }) => uid === uidOf(event)).map((view) => configurationOf(event, view)),
    );
  }

  /** @throws SubscriptionNotFoundError when nothing is configured */
  async get(name: string, tenant: string): Promise<ConfiguredEvent> {
    const event = this.eventNamed(name);
    return configurationOf(event, await this.find(event, tenant));
  }

  /**
   * Replaces what was configured for this event. An endpoint that was given up, because it was gone or failed for days, is
   * tried again.
   *
   * @throws TemplateError, SubscriptionInvalidError
   */
  async set(name: string, request: HttpRequest, tenant: string): Promise<ConfiguredEvent> {
    const event = this.eventNamed(name);
    const wish = { tenant, event_types: [event], ...(request && { http_request: request }) };
    const view = await this.subscriptions.put(uidOf(event), wish, authorOf(tenant));
    if (view.state === 'disabled') await this.subscriptions.enable(view.id, authorOf(tenant));
    return configurationOf(event, view);
  }

  /** @throws SubscriptionNotFoundError when nothing is configured */
  async remove(name: string, tenant: string): Promise<void> {
    const { id } = await this.find(this.eventNamed(name), tenant);
    await this.subscriptions.delete(id, authorOf(tenant));
  }

  private find(event: string, tenant: string): Promise<SubscriptionView> {
    return this.subscriptions.getByUid(uidOf(event), { tenant });
  }

  private eventNamed(name: string): string {
    const event = this.catalog.find(name)?.name ?? name;
    if (AIRGATEWAY_EVENTS.includes(event)) return event;
    throw new NotFoundException(`"${name}" is none of ${AIRGATEWAY_EVENTS.join(', ')}.`);
  }
}

function uidOf(event: string): string {
  return `airgateway:${event}`;
}

function authorOf(tenant: string): Author {
  return { actor: `airgateway:${tenant}` };
}

function configurationOf(event: string, { http_request }: SubscriptionView): ConfiguredEvent {
  return { event, http_request };
}
