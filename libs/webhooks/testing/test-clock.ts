import { Clock, type Timer } from 'nestjs-webhooks';

/** What `setTimeout` can count to; anything above would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

class TestTimer implements Timer {
  handle: NodeJS.Timeout | undefined;

  constructor(
    readonly due: number,
    readonly action: () => void,
    readonly pending: Set<TestTimer>,
  ) {
    pending.add(this);
  }

  cancel(): void {
    clearTimeout(this.handle);
    this.pending.delete(this);
  }
}

/**
 * A clock that a test moves forward. Real time counts, too: a timer of five seconds fires after five real seconds, or
 * as soon as the clock is advanced past it.
 *
 * @example
 * clock.advance(5 * 60_000); // the second retry is due, for the database as well
 */
export class TestClock extends Clock {
  readonly #pending = new Set<TestTimer>();
  #offset = 0;

  get offset(): number {
    return this.#offset;
  }

  now(): number {
    return Date.now() + this.#offset;
  }

  monotonic(): number {
    return performance.now() + this.#offset;
  }

  after(ms: number, action: () => void): Timer {
    const timer = new TestTimer(this.monotonic() + ms, action, this.#pending);
    this.#arm(timer);
    return timer;
  }

  /** Moves on by `ms` milliseconds; timers due on the way fire in their order, each at its own instant. */
  advance(ms: number): void {
    const target = this.#offset + Math.round(ms);
    for (let next = this.#earliest(target); next !== undefined; next = this.#earliest(target)) {
      this.#offset = Math.max(this.#offset, Math.ceil(next.due - performance.now()));
      next.cancel();
      next.action();
    }
    this.#offset = Math.max(this.#offset, target);
    for (const timer of this.#pending) this.#arm(timer);
  }

  #earliest(offset: number): TestTimer | undefined {
    const limit = performance.now() + offset;
    let earliest: TestTimer | undefined;
    for (const timer of this.#pending) {
      if (timer.due <= limit && (earliest === undefined || timer.due < earliest.due)) earliest = timer;
    }
    return earliest;
  }

  #arm(timer: TestTimer): void {
    clearTimeout(timer.handle);
    const delay = Math.min(Math.max(timer.due - this.monotonic(), 0), MAX_DELAY_MS);
    timer.handle = setTimeout(() => {
      if (timer.due - this.monotonic() > 1) return this.#arm(timer);
      timer.cancel();
      timer.action();
    }, delay);
    timer.handle.unref();
  }
}
