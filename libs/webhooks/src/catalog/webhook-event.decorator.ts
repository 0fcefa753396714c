import 'reflect-metadata';
import type { Class } from './event-class.js';
import type { WebhookEventOptions } from './event-options.js';
import { EVENT_METADATA } from './metadata-keys.js';

/** The class that may carry the decorator: any, unless the options name the event's class in a parameter. */
type Target<T extends object> = string extends keyof T ? Class : Class<T>;

/**
 * Makes a class an event type. Only a note on the class: `WebhooksModule.forFeature([OrderTicketed])` registers it.
 *
 * @param name how subscribers ask for it, unique in the catalog
 * @example
 * ```ts
 * @WebhookEvent('OrderTicketed', {
 *   description: 'All tickets of an order are issued',
 *   subject: (event: OrderTicketed) => `order:${event.agw_id}`,
 * })
 * export class OrderTicketed extends OrderEvent {}
 * ```
 */
export function WebhookEvent<T extends object = Record<string, unknown>>(
  name: string,
  options: WebhookEventOptions<T> = {},
): (target: Target<T>) => void {
  return (target) => Reflect.defineMetadata(EVENT_METADATA, { name, options }, target);
}
