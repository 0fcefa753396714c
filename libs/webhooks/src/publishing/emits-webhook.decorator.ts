import { SetMetadata } from '@nestjs/common';
import type { Publication } from './publish-options.js';

/** Metadata key of {@link EmitsWebhook}. */
export const EMITS_WEBHOOK = Symbol('EMITS_WEBHOOK');

/** An event class. */
export type EventClass<E extends object = object> = abstract new (...args: never[]) => E;

/** What a method's result is turned into: one event, several, or none. */
export type Emission = object | Publication | readonly (object | Publication)[] | null | undefined;

/** How a method's result becomes an event. */
export interface EmitsWebhookOptions {
  /**
   * Makes the event, or a {@link Publication} with tenant and so on, from what the method returned and was given.
   * @default the result itself, which must then be an instance of the event class
   */
  readonly map?: (result: never, ...args: never[]) => Emission | Promise<Emission>;
}

/** Only on methods that return a promise: publishing takes time, and the caller waits for it. */
type AsyncMethodDecorator = <M extends (...args: never[]) => Promise<unknown>>(
  target: object,
  name: string | symbol,
  method: TypedPropertyDescriptor<M>,
) => void;

/** What the decorator leaves behind. */
export interface EmitsWebhookMetadata {
  readonly eventClass: EventClass;
  readonly options: EmitsWebhookOptions;
}

/**
 * Publishes what the async method returns: in the transaction that it runs in (an EntityManager among its arguments,
 * `webhooks.transaction`, or the option `currentManager`), otherwise right after it returned.
 * Inside a transaction an event that cannot be published fails the method; outside it is logged as an error,
 * because the method's work is done by then.
 *
 * @example
 * @EmitsWebhook(OrderTicketed, { map: (order: Order) => OrderTicketed.of(order) })
 * async ticket(order: Order, manager: EntityManager): Promise<Order> { … }
 */
export function EmitsWebhook(
  eventClass: EventClass,
  options: EmitsWebhookOptions = {},
): AsyncMethodDecorator {
  return SetMetadata(EMITS_WEBHOOK, { eventClass, options } satisfies EmitsWebhookMetadata);
}
