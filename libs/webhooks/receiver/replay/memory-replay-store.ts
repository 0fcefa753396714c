import type { Clock } from '../../src/internal/clock.js';
import { SystemClock } from '../../src/internal/clock.js';
import type { Claim, ClaimOutcome } from './replay-store.js';
import { ReplayStore } from './replay-store.js';

/** How a {@link MemoryReplayStore} works. */
export interface MemoryReplayStoreOptions {
  /** Handled messages that are remembered; the oldest is forgotten for the next one. About 250 bytes each. @default 50000 */
  readonly maxEntries?: number;
  /** The source of time, for tests. @default real time */
  readonly clock?: Clock;
}

interface Running {
  readonly token: string;
  readonly until: number;
}

function keyOf({ scope, id }: Claim): string {
  return `${scope}\n${id}`;
}

/**
 * A replay memory of this process, gone when it ends: for one process that may handle a message twice after a restart.
 */
export class MemoryReplayStore extends ReplayStore {
  private readonly running = new Map<string, Running>();
  /** Until when, in the order in which they were handled. */
  private readonly done = new Map<string, number>();
  private readonly maxEntries: number;
  private readonly clock: Clock;

  constructor({ maxEntries = 50_000, clock = new SystemClock() }: MemoryReplayStoreOptions = {}) {
    super();
    this.maxEntries = maxEntries;
    this.clock = clock;
  }

  /** Handled messages that are remembered at this moment. */
  get size(): number {
    this.forget();
    return this.done.size;
  }

  async claim(claim: Claim, leaseMs: number): Promise<ClaimOutcome> {
    const key = keyOf(claim);
    const now = this.clock.monotonic();
    if ((this.done.get(key) ?? 0) > now) return { state: 'done' };
    const holder = this.running.get(key);
    if (holder && holder.until > now) return { state: 'running', endsInMs: holder.until - now };
    this.running.set(key, { token: claim.token, until: now + leaseMs });
    return { state: 'taken' };
  }

  async extend(claim: Claim, leaseMs: number): Promise<boolean> {
    if (!this.holds(claim)) return false;
    this.running.set(keyOf(claim), { token: claim.token, until: this.clock.monotonic() + leaseMs });
    return true;
  }

  async complete(claim: Claim, rememberMs: number): Promise<boolean> {
    if (!this.holds(claim)) return false;
    const key = keyOf(claim);
    this.running.delete(key);
    this.done.delete(key);
    this.done.set(key, this.clock.monotonic() + rememberMs);
    this.forget();
    return true;
  }

  async release(claim: Claim): Promise<void> {
    if (this.holds(claim)) this.running.delete(keyOf(claim));
  }

  private holds(claim: Claim): boolean {
    return this.running.get(keyOf(claim))?.token === claim.token;
  }

  private forget(): void {
    const now = this.clock.monotonic();
    for (const [key, until] of this.done) {
      if (until > now && this.done.size <= this.maxEntries) return;
      this.done.delete(key);
    }
  }
}
