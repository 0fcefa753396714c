import type { EntityManager } from 'typeorm';

/** How one event is published. */
export interface PublishOptions {
  /** Writes the event in this manager's transaction. @default the transaction the caller is in, if the module knows it */
  readonly manager?: EntityManager;
  /** Whose event it is; `ALL_TENANTS` for everybody's. @default what the event class says */
  readonly tenant?: string;
  /** What it is about, for the gap-free sequence; null for none. @default what the event class says */
  readonly subject?: string | null;
  /** The same key and payload give the first event again instead of a second one. Unique per tenant. */
  readonly idempotencyKey?: string;
  /** When it happened. @default now */
  readonly occurredAt?: Date;
}

/** An event together with how it is published: what a mapper may return. */
export interface Publication extends Omit<PublishOptions, 'manager'> {
  readonly event: object;
}

/** What `publish` gives back. */
export interface PublishedEvent {
  /** `evt_…`: also the `webhook-id` that every subscriber gets. */
  readonly id: string;
  /** True when the idempotency key was used before: `id` is the first event's, and nothing was written. */
  readonly duplicate: boolean;
}

/** An event and how it is published, from either: instances of event classes are events whatever members they have. */
export function publicationOf(
  emitted: object | Publication,
  catalog: { has(eventClass: never): boolean },
): Publication {
  const isEvent = catalog.has(emitted.constructor as never);
  return !isEvent && 'event' in emitted ? emitted : { event: emitted };
}
