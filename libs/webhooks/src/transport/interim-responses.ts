const STATUS_AT = 'HTTP/1.1 '.length;
const STATUS_LINE_LEAST = STATUS_AT + '100 '.length;
const ONE = 0x31;
/** As much as Node.js takes for the head of a response. */
const MAX_HEAD = 16_384;
/** 101 is none: after it the connection speaks something else. */
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d[ \r]/;
const CONTINUE = /^HTTP\/1\.[01] 100/;
const END_OF_HEAD = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/**
 * Takes `100 Continue` out of what a server sends before its response. A client must get along with one that it did not
 * ask for (RFC 9110, section 15.2), and undici breaks the connection off.
 */
export class InterimResponses {
  #isBefore = true;
  #held: Buffer = NOTHING;

  /** A request goes out: what comes next is the head of a response. */
  expect(): void {
    this.#isBefore = true;
    this.#held = NOTHING;
  }

  /** What remains of the bytes that came. The beginning of an interim response is held back until it is complete. */
  pass(chunk: Buffer): Buffer {
    if (!this.#isBefore) return chunk;
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = NOTHING;
    const passed: Buffer[] = [];
    for (let head = this.#interim(rest); head > 0; head = this.#interim(rest)) {
      if (!CONTINUE.test(startOf(rest))) passed.push(rest.subarray(0, head));
      rest = rest.subarray(head);
    }
    if (this.#isBefore) this.#held = rest;
    else passed.push(rest);
    return passed.length === 1 ? passed[0]! : Buffer.concat(passed);
  }

  /** Length of the complete interim response that stands first; 0: none does, and what does is the response or too short to tell. */
  #interim(bytes: Buffer): number {
    if (bytes.length > STATUS_AT && bytes[STATUS_AT] !== ONE) return this.#found();
    if (!maybeInterim(startOf(bytes))) return this.#found();
    const end = bytes.length < STATUS_LINE_LEAST ? -1 : bytes.indexOf(END_OF_HEAD);
    if (end !== -1) return end + END_OF_HEAD.length;
    return bytes.length > MAX_HEAD ? this.#found() : 0;
  }

  /** The response itself begins, or something that the HTTP client may judge. */
  #found(): 0 {
    this.#isBefore = false;
    return 0;
  }
}

function startOf(bytes: Buffer): string {
  return bytes.toString('latin1', 0, STATUS_LINE_LEAST);
}

function maybeInterim(start: string): boolean {
  if (start.length === STATUS_LINE_LEAST) return INTERIM.test(start);
  return 'HTTP/1.'.startsWith(start.slice(0, 'HTTP/1.'.length));
}
