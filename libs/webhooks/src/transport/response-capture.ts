/** How much of a response is read and kept; the rest is not downloaded. */
export const MAX_RESPONSE_BYTES = 16_384;

/** Collects the beginning of a response body. */
export class ResponseCapture {
  readonly #chunks: Buffer[] = [];
  #room = MAX_RESPONSE_BYTES;

  /** Keeps what still fits. Returns false once there is no room left. */
  add(chunk: Buffer): boolean {
    const kept = chunk.length <= this.#room ? chunk : chunk.subarray(0, this.#room);
    this.#chunks.push(kept);
    this.#room -= kept.length;
    return this.#room > 0;
  }

  /** What was kept. */
  bytes(): Buffer {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }
}

/**
 * Bytes as text that every database can store: no NUL, no lone surrogates. What is not UTF-8 becomes U+FFFD; a
 * character cut in two by the limit disappears.
 */
export function validText(bytes: Buffer): string {
  if (bytes.length === 0) return '';
  const text = bytes.toString('utf8').replaceAll('\0', '\uFFFD');
  return bytes.length < MAX_RESPONSE_BYTES ? text : text.replace(/\uFFFD+$/, '');
}
