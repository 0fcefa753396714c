import { Injectable } from '@nestjs/common';
import { UnknownEventTypeError } from '../errors/unknown-event-type-error.js';
import { nearest } from '../internal/nearest.js';
import type { Class } from './event-class.js';
import { EventTypeIndex } from './event-type-index.js';
import type { EventType } from './event-type.js';
import { createEventType } from './event-type.factory.js';
import { EventValidator } from './event.validator.js';

/**
 * Every event type this application can publish. Filled by `WebhooksModule.forFeature([...])`.
 *
 * @example
 * ```ts
 * catalog.get('OrderTicketed').schema; // JSON Schema of what subscribers receive
 * ```
 */
@Injectable()
export class EventCatalog {
  private readonly byClass = new Map<unknown, EventType>();
  private readonly index = new EventTypeIndex();
  private readonly validator = new EventValidator();

  /**
   * Adds event classes. A class that is already there is left as it is.
   *
   * @throws CatalogError when a class is no event type, cannot be described, or uses a name that is taken
   */
  register(classes: readonly Class[]): void {
    for (const eventClass of classes) {
      if (this.has(eventClass)) continue;
      const type = createEventType(eventClass, this.validator);
      this.index.add(type);
      this.byClass.set(eventClass, type);
    }
  }

  /** The event type of that name or alias, if there is one. Case counts. */
  find(nameOrAlias: string): EventType | undefined {
    return this.index.find(nameOrAlias);
  }

  /**
   * The event type of that name or alias.
   *
   * @throws UnknownEventTypeError with the nearest known name
   */
  get(nameOrAlias: string): EventType {
    const type = this.find(nameOrAlias);
    if (!type) throw this.unknown(nameOrAlias);
    return type;
  }

  /**
   * The event type of an event, by its class.
   *
   * @throws UnknownEventTypeError when the class is not registered, or the event is a plain object
   */
  of(event: object): EventType {
    const eventClass: unknown = (event as object | null | undefined)?.constructor;
    return this.byClass.get(eventClass) ?? this.refuse(eventClass, typeof event);
  }

  /**
   * The event type of a class.
   *
   * @throws UnknownEventTypeError when the class is not registered
   */
  ofClass(eventClass: Class): EventType {
    return this.byClass.get(eventClass) ?? this.refuse(eventClass, typeof eventClass);
  }

  /** Whether the class is registered. */
  has(eventClass: Class): boolean {
    return this.byClass.has(eventClass);
  }

  /** Every event type, in the order of registration. */
  all(): readonly EventType[] {
    return [...this.byClass.values()];
  }

  /**
   * The event types a subscription asks for.
   *
   * @param pattern a name or alias, the beginning of one followed by `*`, or `*` for all
   * @returns none when nothing begins like the pattern
   * @throws UnknownEventTypeError when a pattern without `*` at its end is no name or alias
   */
  matching(pattern: string): readonly EventType[] {
    return pattern.endsWith('*') ? this.index.startingWith(pattern.slice(0, -1)) : [this.get(pattern)];
  }

  private refuse(eventClass: unknown, given: string): never {
    const name = typeof eventClass === 'function' ? eventClass.name : given;
    const advice =
      eventClass === Object || typeof eventClass !== 'function'
        ? 'publish an instance of an event class, not a plain object'
        : `register its class with WebhooksModule.forFeature([${name}])`;
    throw new UnknownEventTypeError(name, advice);
  }

  private unknown(name: string): UnknownEventTypeError {
    const suggestion = nearest(name, this.index.names());
    if (suggestion !== undefined) {
      return new UnknownEventTypeError(name, `did you mean "${suggestion}"?`, suggestion);
    }
    const known = this.all().map((type) => type.name);
    const advice = known.length > 0 ? `known are ${known.join(', ')}` : 'no event class is registered yet';
    return new UnknownEventTypeError(
      name,
      `${advice}; register classes with WebhooksModule.forFeature([...])`,
    );
  }
}
