/** A part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next part begins; null: this was the last one. */
  readonly next: string | null;
}
