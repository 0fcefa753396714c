import { SetMetadata } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Class } from '../catalog/event-class.js';

/** Metadata key of {@link BuildsWebhook}. */
export const BUILDS_WEBHOOK = Symbol('BUILDS_WEBHOOK');

/** What a builder is told beside the subject. */
export interface BuildContext {
  readonly key: string;
  /** The scheduled instant, which will be the event's `occurred_at`. */
  readonly at: Date;
  /** As it was scheduled; null when the event class says whose it is. */
  readonly tenant: string | null;
  /** As it was scheduled; null when nothing was given. */
  readonly data: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** The event as things are now; null: it is no longer true, and the schedule ends without an event. */
export type Built<E extends object> = E | null;

type Builder<E extends object> = (
  subject: string,
  manager: EntityManager,
  context: BuildContext,
) => Built<E> | Promise<Built<E>>;

/** Only on methods that can be called as a builder of the class. */
type BuilderDecorator<E extends object> = <M extends Builder<E>>(
  target: object,
  name: string | symbol,
  method: TypedPropertyDescriptor<M>,
) => void;

/**
 * Builds the events of a class when what `webhooks.schedule()` was told falls due: as things are at that moment, read through
 * `manager`, in the transaction that also publishes the event and ends the schedule. A builder that throws is asked again later,
 * with growing pauses; it has 30 seconds. There is one for each event class, and only processes that have it fire its schedules.
 *
 * @example
 * @BuildsWebhook(OrderStarted)
 * async started(orderId: string, manager: EntityManager): Promise<OrderStarted | null> {
 *   const order = await manager.findOneBy(Order, { id: orderId });
 *   return order?.isTicketed ? OrderStarted.of(order) : null;
 * }
 */
export function BuildsWebhook<E extends object>(eventClass: Class<E>): BuilderDecorator<E> {
  return SetMetadata(BUILDS_WEBHOOK, eventClass);
}
