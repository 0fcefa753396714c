import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventType } from '../catalog/event-type.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import type { ActiveSet } from './active-set.js';
import { resolvePatterns, type EventTypeNames } from './event-type-patterns.js';
import { Misfit } from './misfit.js';
import type { Subscription } from './subscription.js';

/** A saved subscription that today's catalog no longer allows, and where it breaks. */
export interface BrokenTemplate {
  readonly subscription_id: string;
  readonly tenant: string;
  /** What it cannot be sent for; a pattern when no event type of that name is left. */
  readonly event_type: string;
  /** The code with which its deliveries fail. */
  readonly code: string;
  /** `json_body.pnr`, `fields[1]`, `filter.total_amount.$gt`, `event_types[0]`. */
  readonly path: string;
  readonly message: string;
  /** The nearest name that the catalog has. */
  readonly suggestion?: string;
}

/** What the search asks of the catalog. */
interface EventTypes extends EventTypeNames<EventType> {
  all(): readonly EventType[];
}

/** Finds the enabled and paused subscriptions that the catalog no longer allows. */
export class BrokenTemplates {
  constructor(
    private readonly active: () => Promise<ActiveSet>,
    private readonly catalog: EventTypes,
  ) {}

  /** Looks at one subscription per turn of the event loop, so that thousands of them delay nobody. */
  async find(goesOn = (): boolean => true): Promise<BrokenTemplate[]> {
    const { subscriptions } = await this.active();
    const found: BrokenTemplate[] = [];
    for (const subscription of subscriptions) {
      await nextTurn();
      if (!goesOn()) break;
      // A value that cannot be read is a problem of another kind, and shown with the subscription.
      if (!subscription.problem) found.push(...this.missing(subscription), ...this.misfits(subscription));
    }
    return found;
  }

  private misfits(subscription: Subscription): BrokenTemplate[] {
    const wanted = this.catalog.all().filter(({ name }) => subscription.wants(name));
    return wanted.flatMap((eventType) => {
      const error = subscription.misfit(eventType);
      return error ? [entry(subscription, new Misfit(eventType.name, error), error)] : [];
    });
  }

  private missing(subscription: Subscription): BrokenTemplate[] {
    return subscription.eventTypes.flatMap((pattern, index) => {
      const error = this.unknown(pattern);
      if (error === null) return [];
      const misfit = new Misfit(pattern, error, `event_types[${index}]`);
      subscription.tell(misfit);
      return [entry(subscription, misfit, error)];
    });
  }

  private unknown(pattern: string): WebhooksError | null {
    try {
      resolvePatterns([pattern], this.catalog);
      return null;
    } catch (error) {
      if (error instanceof WebhooksError) return error;
      throw error;
    }
  }
}

function entry(
  { id, tenant }: Subscription,
  misfit: Misfit,
  { code, message }: WebhooksError,
): BrokenTemplate {
  const { eventType, path, suggestion } = misfit;
  const found = { subscription_id: id, tenant, event_type: eventType, code, path, message };
  return suggestion === null ? found : { ...found, suggestion };
}
