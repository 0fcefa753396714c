const KEPT = new Set([
  'age',
  'allow',
  'cache-control',
  'cf-ray',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'location',
  'request-id',
  'retry-after',
  'server',
  'traceparent',
  'via',
  'www-authenticate',
  'x-amzn-requestid',
  'x-amzn-trace-id',
  'x-correlation-id',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-request-id',
]);
/** Of several the first counts, as in Node's own client; a list of them would mean nothing. */
const SINGLE = new Set(['retry-after']);
const MAX_VALUE_LENGTH = 1024;

function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'number' ? String(value) : null;
}

/** The response headers worth storing (an allow-list: cookies and the like stay out), each at most 1,024 characters. */
export function keptHeaders(headers: unknown): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const key = name.toLowerCase();
    if (!KEPT.has(key)) continue;
    const text = asText(SINGLE.has(key) && Array.isArray(value) ? value[0] : value);
    if (text !== null) kept[key] = text.length > MAX_VALUE_LENGTH ? text.slice(0, MAX_VALUE_LENGTH) : text;
  }
  return kept;
}
