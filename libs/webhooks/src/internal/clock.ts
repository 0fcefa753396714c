/** What a timer can do: be called off. Calling it off twice, or after it fired, changes nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time in this package. Statements use the *database's* time plus `offset`, so that
 * replicas with wrong clocks agree; production keeps the offset at 0, a test travels by changing it.
 */
export abstract class Clock {
  /** Whole milliseconds added to the database's and the process's time. */
  abstract readonly offset: number;

  /** Epoch milliseconds of this process, offset included. Never compared with the database's time. */
  abstract now(): number;

  /** Milliseconds that only grow, offset included: for measuring how much of a lease is left. */
  abstract monotonic(): number;

  /** Calls `action` once after `ms` milliseconds of this clock. Does not keep the process alive. */
  abstract after(ms: number, action: () => void): Timer;
}

/** Real time. */
export class SystemClock extends Clock {
  readonly offset = 0;

  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  after(ms: number, action: () => void): Timer {
    const handle = setTimeout(action, ms);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  }
}
