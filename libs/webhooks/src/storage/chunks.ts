/** Every size is a statement text of its own, to be prepared and kept: few sizes, and the batch sizes among them. */
const SIZES = [200, 100, 50, 20, 10, 5, 2, 1];

/** Cuts rows into chunks of a few fixed sizes, large ones first. */
export function inChunks<T>(rows: readonly T[]): (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  let at = 0;
  for (const size of SIZES) {
    for (; rows.length - at >= size; at += size) chunks.push(rows.slice(at, at + size));
  }
  return chunks;
}
