import type { Clock, Timer } from '../internal/clock.js';

/** What one look brought. */
export interface SweepResult {
  /** Rows that were taken. */
  readonly found: number;
  /** Milliseconds until something falls due; null: nothing waits. */
  readonly nextDueInMs: number | null;
}

/**
 * Decides when to look for what was left behind: at once when told that something is there, when the next row falls due,
 * and every `interval` anyway. Never two looks at a time.
 */
export class Sweeper {
  private timer: Timer | undefined;
  private wakesAt = Infinity;
  private expectedAt = Infinity;
  private looking: Promise<SweepResult> | undefined;
  private again = false;
  private running = false;

  constructor(
    private readonly clock: Clock,
    private readonly interval: number,
    private readonly look: () => Promise<SweepResult>,
  ) {}

  start(): void {
    this.running = true;
    this.wake();
  }

  /** Resolves when the look under way, if any, is over. */
  async stop(): Promise<void> {
    this.running = false;
    this.timer?.cancel();
    await this.looking?.catch(() => undefined);
  }

  /** Something falls due in `ms`: sleeps no longer than that. */
  expect(ms: number): void {
    const at = this.clock.monotonic() + ms;
    this.expectedAt = Math.min(this.expectedAt, at);
    if (!this.looking && at < this.wakesAt) this.sleep(ms);
  }

  /** Something may be due now. */
  wake(): void {
    if (!this.running) return;
    if (this.looking) this.again = true;
    else void this.sweep().catch(() => undefined);
  }

  /** No look is under way, and nothing has woken it since the last one began. */
  get isAtRest(): boolean {
    return this.looking === undefined && !this.again;
  }

  /** Looks once, from now on: a look that is under way may have missed what came meanwhile. */
  async sweepAnew(): Promise<SweepResult> {
    await this.looking?.catch(() => undefined);
    return this.sweep();
  }

  private sweep(): Promise<SweepResult> {
    this.looking ??= this.sweepOnce();
    return this.looking;
  }

  private async sweepOnce(): Promise<SweepResult> {
    this.timer?.cancel();
    this.again = false;
    this.expectedAt = Infinity;
    let wait = this.interval;
    try {
      const result = await this.look();
      wait = Math.min(this.interval, Math.max(0, result.nextDueInMs ?? this.interval));
      return result;
    } finally {
      // In this moment: whoever wakes it from here on must not be left to a look that is over.
      this.looking = undefined;
      this.sleep(this.again ? 0 : Math.min(wait, this.expectedAt - this.clock.monotonic()));
    }
  }

  private sleep(ms: number): void {
    this.timer?.cancel();
    if (!this.running) return;
    this.wakesAt = this.clock.monotonic() + ms;
    this.timer = this.clock.after(Math.max(0, ms), () => this.wake());
  }
}
