import { RawBodyMissingError } from './errors/raw-body-missing-error.js';
import type { WebhookRequest } from './webhook-request.js';

const SIGNED_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
const ATTEMPT = /^[1-9]\d{0,8}$/;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function countIn(request: WebhookRequest, name: string): number {
  const raw = request.rawHeaders ?? request.raw?.rawHeaders;
  if (raw === undefined) return Array.isArray(request.headers[name]) ? 2 : 1;
  return raw.filter((entry, index) => index % 2 === 0 && entry.toLowerCase() === name).length;
}

/**
 * True when a signed header came twice. Node joins repeated headers, proxies take the first or the last: one request
 * must not be two messages, depending on who looks.
 */
export function hasRepeatedHeaders(request: WebhookRequest): boolean {
  return SIGNED_HEADERS.some((name) => request.headers[name] !== undefined && countIn(request, name) > 1);
}

/** The headers that verification reads. */
export function signedHeaders({ headers }: WebhookRequest): Record<string, string | undefined> {
  return Object.fromEntries(SIGNED_HEADERS.map((name) => [name, text(headers[name])]));
}

/**
 * The exact bytes of the body.
 * @throws RawBodyMissingError when the application does not keep them.
 */
export function rawBodyOf({ rawBody, headers }: WebhookRequest): Buffer {
  if (rawBody !== undefined) return rawBody;
  const announced = headers['transfer-encoding'] ?? headers['content-length'] ?? '0';
  // No parser is asked about a body that is not there.
  if (announced === '0') return Buffer.alloc(0);
  throw new RawBodyMissingError(
    text(headers['content-type'])?.split(';', 1)[0]!.slice(0, 80) ?? 'no content-type',
  );
}

/** The number of the attempt; null when the sender does not say. */
export function attemptOf({ headers }: WebhookRequest): number | null {
  const attempt = text(headers['webhook-attempt']);
  return attempt !== undefined && ATTEMPT.test(attempt) ? Number(attempt) : null;
}

/**
 * The body as its content type says: JSON parsed, everything else as text.
 * @throws SyntaxError when it is not the JSON that it is said to be.
 */
export function parseBody(body: Buffer, { headers }: WebhookRequest): unknown {
  const content = body.toString('utf8');
  return JSON_TYPE.test(text(headers['content-type']) ?? '') && content !== ''
    ? JSON.parse(content)
    : content;
}
