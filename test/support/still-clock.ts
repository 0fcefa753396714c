import { TestClock } from 'nestjs-webhooks/testing';

/** A clock that stands still but for what it is advanced: for what depends on a single millisecond. */
export class StillClock extends TestClock {
  readonly #at = Date.now();

  override now(): number {
    return this.#at + this.offset;
  }
}
