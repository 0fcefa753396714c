/** As many at once, when none went for a while: timers are late by a millisecond or two. */
const AT_ONCE = 4;

/** Lets one through every so often, so that what there is much of spreads over time. */
export class Pace {
  private nextAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  /** @param onNext somebody was refused, and the next one may go now */
  constructor(
    private readonly intervalMs: number,
    private readonly onNext: () => void,
  ) {}

  /** Whether one may go now. */
  take(): boolean {
    const now = performance.now();
    this.nextAt = Math.max(this.nextAt, now - (AT_ONCE - 1) * this.intervalMs);
    if (this.nextAt <= now) {
      this.nextAt += this.intervalMs;
      return true;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.onNext();
    }, this.nextAt - now);
    return false;
  }

  /** Calls nobody any more. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
