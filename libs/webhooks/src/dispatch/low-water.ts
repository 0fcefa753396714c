/** By priority: nothing that a claim may bring is due before this; epoch milliseconds of the database. */
export type Marks = readonly number[];

/** Looks everywhere. */
export const EVERYWHERE: Marks = [0, 0, 0];

/** After so long a claim looks everywhere again. */
const FULL_RANGE_MS = 30_000;
/** Rows may be committed so long after the instant at which they fell due. */
const LATE_MS = 60_000;
/** Who is left out changes all the time and comes back: so many of the last claims are remembered. */
const MEMORY = 8;

interface Look {
  readonly leftOut: ReadonlySet<string>;
  /** When it, or the one that it went on from, looked everywhere: monotonic milliseconds. */
  readonly since: number;
}

/**
 * Remembers how far the rows of those who are left out of one list of a claim reach. Without it every claim would go through the whole
 * backlog of a subscription that is dead, stopped or busy, to find what lies behind it.
 */
export class LowWater {
  private known: (Look & { readonly mark: number })[] = [];
  private current: Look | undefined;

  /**
   * Where a claim that leaves these out may begin: where any claim began to find something that left out no others.
   *
   * @param now monotonic milliseconds
   */
  begin(leftOut: readonly string[], now: number): number {
    const ids = new Set(leftOut);
    this.known = this.known.filter(({ since }) => now - since <= FULL_RANGE_MS);
    const holding = this.known.filter((look) => ids.size > 0 && isWithin(look.leftOut, ids));
    this.current = { leftOut: ids, since: Math.min(now, ...holding.map(({ since }) => since)) };
    return Math.max(0, ...holding.map(({ mark }) => mark));
  }

  /** What was due first of what the claim might bring. */
  reached(first: number): void {
    if (!this.current) return;
    const { leftOut } = this.current;
    const others = this.known.filter(
      (look) => look.leftOut.size !== leftOut.size || !isWithin(look.leftOut, leftOut),
    );
    this.known = [{ ...this.current, mark: first - LATE_MS }, ...others].slice(0, MEMORY);
  }

  /** The next claim looks everywhere, whatever one that is under way will tell. */
  drop(): void {
    this.known = [];
    this.current = undefined;
  }
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  if (some.size > all.size) return false;
  for (const each of some) if (!all.has(each)) return false;
  return true;
}
