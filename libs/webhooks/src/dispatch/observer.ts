import type { StoredEvent } from '../internal/event.js';
import type { Delivery, Settlement } from './delivery.js';
import type { AttemptReport } from './health-monitor.js';

/** Makes an attempt; `headers` are added to its request where it has none of these names. */
export type MakeAttempt = (headers?: Readonly<Record<string, string>>) => Promise<AttemptReport>;

/** Sees what the module does, on its hot path: nothing in it may take long or throw. */
export interface Observer {
  /** What is kept with an event that is being published, as its `trace`; null: nothing. */
  traceOf(): string | null;
  /** Events are committed. */
  published(events: readonly StoredEvent[]): void;
  /** Goes around each attempt. */
  attempt(delivery: Delivery, make: MakeAttempt): Promise<AttemptReport>;
  /** Outcomes are on record. */
  settled(settlements: readonly Settlement[]): void;
}

/** Where an observer comes in. Without one, which is how it begins, nothing is observed. */
export class Observation {
  observer: Observer | undefined = undefined;
}
