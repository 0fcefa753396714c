import { SetMetadata } from '@nestjs/common';
import type { Emission } from './emits-webhook.decorator.js';

/** Metadata key of {@link WebhookMapper}. */
export const WEBHOOK_MAPPER = Symbol('WEBHOOK_MAPPER');

/** Turns a domain event of the host into what is published; null publishes nothing. */
export interface EventMapper<D = unknown> {
  map(domainEvent: D, eventName: string): Emission | Promise<Emission>;
}

/** A class of domain events, as the host emits them through EventEmitter2. */
export type DomainEventClass = abstract new (...args: never[]) => object;

/**
 * Marks an injectable as the {@link EventMapper} of a domain event: whenever the host emits an instance of that class through
 * EventEmitter2, under whatever name, what `map` returns is published. It runs after the emit and outside of the
 * host's transaction: between emit and store the event lives in memory alone (at most once).
 *
 * @example
 * @WebhookMapper(OrderTicketedEvent)
 * @Injectable()
 * class OrderTicketedMapper implements EventMapper<OrderTicketedEvent> {
 *   map(event: OrderTicketedEvent) { return this.snapshots.ticketed(event.orderId); }
 * }
 */
export function WebhookMapper(domainEvent: DomainEventClass): ClassDecorator {
  return SetMetadata(WEBHOOK_MAPPER, domainEvent);
}
