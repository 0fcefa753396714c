/** What RFC 9110 calls a token. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** The connection's own headers and those that carry the signature: only the dispatcher writes them. */
const RESERVED = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'keep-alive',
]);
const RESERVED_PREFIXES = ['proxy-', 'webhook-'];

/** Whether only the dispatcher may set this header. Upper and lower case are the same. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix));
}

/** Whether the name is a token of RFC 9110. */
export function isHeaderName(name: string): boolean {
  return TOKEN.test(name);
}

/** Whether the value holds printable ASCII only: no CR, LF, NUL, other controls, nor anything beyond `~`. */
export function isHeaderValue(value: string): boolean {
  return PRINTABLE_ASCII.test(value);
}
