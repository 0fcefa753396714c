import { TransportFault } from './transport-fault.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** They describe the connection and the framing, which are the transport's; a foreign `host` would also change the TLS name. */
const OWNED_BY_HTTP = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** How axios writes a header that is not to be sent. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === false;
}

function check(name: string, value: string): void {
  if (!TOKEN.test(name)) throw new TransportFault('REQUEST_INVALID', `"${name}" is no header name`);
  if (VALUE.test(value)) return;
  throw new TransportFault('REQUEST_INVALID', `the header ${name} holds characters that HTTP does not allow`);
}

/**
 * Header names and values in turn, as they go on the wire. HTTP clients repair what is not allowed (axios drops line
 * breaks and strips characters silently) or break on it: here it is an error.
 * @throws TransportFault REQUEST_INVALID naming the header, never its value.
 */
export function wireHeaders(headers: Iterable<readonly [string, unknown]>, userAgent: string): string[] {
  const wire = ['accept-encoding', 'identity'];
  let named = false;
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (isAbsent(value) || OWNED_BY_HTTP.has(key)) continue;
    const text = String(value);
    check(key, text);
    if (key === 'user-agent') named = true;
    wire.push(key, text);
  }
  if (!named) wire.push('user-agent', userAgent);
  return wire;
}
