import type { EventType } from '../catalog/event-type.js';
import { SubscriptionInvalidError } from '../errors/subscription-invalid-error.js';
import { findAt } from '../errors/unknown-event-type-error.js';
import { isRecord } from '../subscriptions/parse-fields.js';

/** What is asked of the catalog. */
interface EventTypes {
  get(nameOrAlias: string): EventType;
}

/** What a caller says of the event; nothing of it is judged yet. */
export interface EventChoice {
  readonly event_type?: unknown;
  readonly data?: unknown;
}

/**
 * The one of a subscription's event types that a trial is about, or undefined when it does not say.
 *
 * @throws UnknownEventTypeError
 * @throws SubscriptionInvalidError at `event_type` when the subscription does not ask for it, or nobody knows which is meant
 */
export function chosenType(
  choice: EventChoice,
  types: readonly EventType[],
  catalog: EventTypes,
): EventType | undefined {
  const name = nameIn(choice);
  const [only, another] = types;
  if (name === undefined && !another) return only;
  if (name === undefined && choice.data === undefined) return undefined;
  if (name === undefined) throw refusal('The subscription asks for several: say which one the data are of.');
  if (typeof name !== 'string') throw refusal('It must be the name of an event type.');
  const chosen = findAt('event_type', () => catalog.get(name));
  if (types.includes(chosen)) return chosen;
  throw refusal(`The subscription does not ask for ${chosen.name}.`);
}

function nameIn({ event_type, data }: EventChoice): unknown {
  return event_type ?? (isRecord(data) ? data.event_type : undefined);
}

function refusal(message: string): SubscriptionInvalidError {
  return new SubscriptionInvalidError([{ path: 'event_type', message }]);
}
