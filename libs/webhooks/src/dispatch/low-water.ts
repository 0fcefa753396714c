/** By priority: nothing that a claim may bring is due before this; epoch milliseconds of the database. */
export type Marks = readonly number[];

/** Looks everywhere. */
export const EVERYWHERE: Marks = [0, 0, 0];

/** After so long a claim looks everywhere again. */
const FULL_RANGE_MS = 30_000;
/** Rows may be committed so long after the instant at which they fell due. */
const LATE_MS = 60_000;

/**
 * Remembers how far the rows of those who are left out reach. Without it every claim would go through the whole
 * backlog of a subscription that is dead or stopped, to find what lies behind it.
 */
export class LowWater {
  private marks = EVERYWHERE;
  private leftOut: readonly string[] = [];
  private droppedAt = -Infinity;

  /**
   * Where a claim that leaves these out may begin. The marks hold as long as nobody comes back.
   *
   * @param now monotonic milliseconds
   */
  begin(leftOut: readonly string[], now: number): Marks {
    const ids = new Set(leftOut);
    const holds = ids.size > 0 && this.leftOut.every((id) => ids.has(id));
    if (!holds || now - this.droppedAt > FULL_RANGE_MS) {
      this.marks = EVERYWHERE;
      this.droppedAt = now;
    }
    this.leftOut = leftOut;
    return this.marks;
  }

  /** What was due first, by priority, of what the claim might bring. */
  reached(first: Marks): void {
    this.marks = first.map((dueAt) => Math.max(0, dueAt - LATE_MS));
  }

  /** The next claim looks everywhere. */
  drop(): void {
    this.droppedAt = -Infinity;
  }
}
