/** Which events. */
export interface EventQuery {
  /** Names or aliases of event types. @default all */
  readonly types?: readonly string[] | undefined;
  readonly subject?: string | undefined;
  /** Published at this instant or later: ISO 8601 or a `Date`. */
  readonly since?: string | Date | undefined;
  /** Published before this instant: ISO 8601 or a `Date`. */
  readonly until?: string | Date | undefined;
  /**
   * `undelivered`: some subscription that exists asks for it, was there when it was published, and has no success yet. Whatever is
   * open, held, exhausted or failed counts, and what was never sent; what was canceled does not.
   */
  readonly state?: 'undelivered' | undefined;
  /** `commit`: oldest first, and a reader who goes on from cursor to cursor misses none, whenever it was committed. @default 'newest' */
  readonly order?: 'newest' | 'commit' | undefined;
  /** From 1 to 250. @default 50 */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}
