const JITTER = 0.2;

/** When a failed delivery is tried again. */
export class RetrySchedule {
  /** `waits`: milliseconds between attempts. `random` gives numbers in [0, 1). */
  constructor(
    private readonly waits: readonly number[],
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds to wait after the given number of attempts, ±20 %; null when the schedule has run out. */
  waitAfter(attempts: number): number | null {
    const wait = this.waits[attempts - 1];
    if (wait === undefined) return null;
    return Math.round(wait * (1 - JITTER + 2 * JITTER * this.random()));
  }
}
