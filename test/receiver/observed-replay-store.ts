import type { Claim, ClaimOutcome } from 'nestjs-webhooks/receiver';
import { ReplayStore } from 'nestjs-webhooks/receiver';

type Step = 'claim' | 'extend' | 'complete' | 'release';

/** A replay store whose steps a test can wait for and let fail. */
export class ObservedReplayStore extends ReplayStore {
  private readonly failures = new Map<Step, Error>();
  private readonly waiting = new Map<Step, () => void>();

  constructor(private readonly inner: ReplayStore) {
    super();
  }

  /** Lets a step fail from now on, or work again. */
  fail(step: Step, error?: Error): void {
    if (error) this.failures.set(step, error);
    else this.failures.delete(step);
  }

  /** Resolves when the next such step is over. */
  next(step: Step): Promise<void> {
    return new Promise((resolve) => this.waiting.set(step, resolve));
  }

  override open(): Promise<void> {
    return this.inner.open();
  }

  claim(claim: Claim, leaseMs: number): Promise<ClaimOutcome> {
    return this.observe('claim', () => this.inner.claim(claim, leaseMs));
  }

  extend(claim: Claim, leaseMs: number): Promise<boolean> {
    return this.observe('extend', () => this.inner.extend(claim, leaseMs));
  }

  complete(claim: Claim, rememberMs: number): Promise<boolean> {
    return this.observe('complete', () => this.inner.complete(claim, rememberMs));
  }

  release(claim: Claim): Promise<void> {
    return this.observe('release', () => this.inner.release(claim));
  }

  private async observe<T>(step: Step, work: () => Promise<T>): Promise<T> {
    const failure = this.failures.get(step);
    try {
      if (failure) throw failure;
      return await work();
    } finally {
      this.waiting.get(step)?.();
      this.waiting.delete(step);
    }
  }
}
