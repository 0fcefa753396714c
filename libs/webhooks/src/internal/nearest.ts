/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const edits = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      current.push(swapped ? Math.min(edits, beforeLast[column - 2]! + 1) : edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length]!;
}

/**
 * The candidate that was probably meant by `word`, for "did you mean …?".
 *
 * @returns the candidate with the fewest edits (the first one of equals, case counts least), or undefined when
 * every candidate differs in more than a third of its characters
 * @example nearest('OrderTicketd', ['OrderCreated', 'OrderTicketed']) // 'OrderTicketed'
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const bound = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    // Also keeps a word of many kilobytes cheap: the table is never filled for it.
    if (Math.abs(word.length - candidate.length) > bound) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    const rank = edits + (word === candidate ? 0 : distance(word, candidate) / 1000);
    if (edits <= bound && rank < fewest) [best, fewest] = [candidate, rank];
  }
  return best;
}
