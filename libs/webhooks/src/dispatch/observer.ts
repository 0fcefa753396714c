import type { StoredEvent } from '../internal/event.js';
import type { Delivery, Settlement } from './delivery.js';
import type { AttemptReport } from './health-monitor.js';

/** Makes an attempt; `headers` are added to its request where it has none of these names. */
export type MakeAttempt = (headers?: Readonly<Record<string, string>>) => Promise<AttemptReport>;

/** Sees what the module does, on its hot path: nothing in it may take long. What it throws is written to the log. */
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
  private guarded: Observer | undefined = undefined;

  /** @param failed told what an observer throws: it reaches nobody else */
  constructor(private readonly failed: (error: unknown) => void) {}

  get observer(): Observer | undefined {
    return this.guarded;
  }

  set observer(observer: Observer | undefined) {
    this.guarded = observer && new GuardedObserver(observer, this.failed);
  }
}

/** What it sees goes on, whatever the observer throws. */
class GuardedObserver implements Observer {
  constructor(
    private readonly observer: Observer,
    private readonly failed: (error: unknown) => void,
  ) {}

  traceOf(): string | null {
    return this.tried(() => this.observer.traceOf()) ?? null;
  }

  published(events: readonly StoredEvent[]): void {
    this.tried(() => this.observer.published(events));
  }

  // Made once, and what became of it is told, also when the observer fails before, after or in the middle of it.
  async attempt(delivery: Delivery, make: MakeAttempt): Promise<AttemptReport> {
    let made: Promise<AttemptReport> | undefined;
    const once: MakeAttempt = (headers) => (made ??= make(headers));
    try {
      return await this.observer.attempt(delivery, once);
    } catch (error) {
      const report = await (made ?? make());
      this.failed(error);
      return report;
    }
  }

  settled(settlements: readonly Settlement[]): void {
    this.tried(() => this.observer.settled(settlements));
  }

  private tried<T>(look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }
}
