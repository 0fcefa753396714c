import type { EventType } from '../../catalog/event-type.js';
import { WebhooksError } from '../../errors/webhooks-error.js';

/** Compiles something once for each event type; that it does not fit is also found out once. */
export class PerType<T extends object> {
  private readonly known = new Map<EventType, T | WebhooksError>();

  /** @param compile throws a WebhooksError when it does not fit */
  constructor(private readonly compile: (eventType: EventType) => T) {}

  /** @throws WebhooksError the same one each time */
  get(eventType: EventType): T {
    const known = this.known.get(eventType) ?? this.add(eventType);
    if (known instanceof WebhooksError) throw known;
    return known;
  }

  private add(eventType: EventType): T | WebhooksError {
    const result = this.attempt(eventType);
    this.known.set(eventType, result);
    return result;
  }

  private attempt(eventType: EventType): T | WebhooksError {
    try {
      return this.compile(eventType);
    } catch (error) {
      if (error instanceof WebhooksError) return error;
      throw error;
    }
  }
}
