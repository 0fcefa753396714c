import type { Clock, Timer } from '../../src/internal/clock.js';
import type { Claim, ReplayStore } from './replay-store.js';

/** What a claim needs while it lives. */
export interface ClaimTerms {
  readonly leaseMs: number;
  readonly rememberMs: number;
  readonly clock: Clock;
  /** Told what the operator should know. */
  readonly warn: (problem: string) => void;
}

const LOST = 'was taken over by another request while it was handled: it may have been handled twice';

/** Holds a message while its handler runs, for as long as that takes: a crash frees it, a slow handler does not. */
export class RunningClaim {
  private timer: Timer | undefined;
  private isOver = false;

  constructor(
    private readonly store: ReplayStore,
    readonly claim: Claim,
    readonly terms: ClaimTerms,
  ) {
    this.extendLater();
  }

  /** The handler succeeded. Never rejects: what is done is done, and the sender shall hear of it. */
  async complete(): Promise<void> {
    await this.end('remembered', async () => {
      if (!(await this.store.complete(this.claim, this.terms.rememberMs))) this.terms.warn(LOST);
    });
  }

  /** The handler failed. Never rejects: the handler's own error is what counts. */
  async release(): Promise<void> {
    await this.end('released', () => this.store.release(this.claim));
  }

  private async end(what: string, work: () => Promise<void>): Promise<void> {
    this.isOver = true;
    this.timer?.cancel();
    await work().catch((error: unknown) => this.terms.warn(`could not be ${what}: ${String(error)}`));
  }

  private extendLater(): void {
    this.timer = this.terms.clock.after(this.terms.leaseMs / 3, () => void this.extend());
  }

  private async extend(): Promise<void> {
    const holds = await this.store.extend(this.claim, this.terms.leaseMs).catch((error: unknown) => {
      this.terms.warn(`could not be held: ${String(error)}`);
      return true;
    });
    if (this.isOver) return;
    if (holds) this.extendLater();
    else this.terms.warn(LOST);
  }
}
