import { SubscriptionInvalidError, type SubscriptionIssue } from '../errors/subscription-invalid-error.js';
import { holdsText, isSecretName, MASK } from './mask.js';
import { isRecord } from './parse-fields.js';
import { maskedUrl, unmaskedUrl } from './secret-url.js';
import type { HttpRequest } from './subscription.js';

/** Whether a header's value must not be shown: by its name, unless the value is nothing but placeholders. */
export function isSecretHeader(name: string, value: unknown): boolean {
  if (!isSecretName(name)) return false;
  return typeof value !== 'string' || holdsText(value);
}

/** The headers as they may be shown. */
export function maskedHeaders<T>(header: Readonly<Record<string, T>>): Record<string, T | typeof MASK> {
  const shown = Object.entries(header).map(
    ([name, value]) => [name, isSecretHeader(name, value) ? MASK : value] as const,
  );
  return Object.fromEntries(shown);
}

/** A request template as it may be shown. */
export function maskedRequest(httpRequest: HttpRequest): HttpRequest {
  const { header, url } = httpRequest;
  return {
    ...httpRequest,
    ...(isRecord(header) && { header: maskedHeaders(header) }),
    ...(typeof url === 'string' && { url: maskedUrl(url) }),
  };
}

/**
 * Puts the stored values in the place of masks. A target on another origin gets none of them: whoever may edit a
 * subscription, but not read its secrets, could otherwise have them sent to himself.
 *
 * @param previous what is stored; null for a new subscription
 * @throws SubscriptionInvalidError at `http_request.header.…` or `http_request.url`
 */
export function unmaskRequest(next: HttpRequest, previous: HttpRequest | null): HttpRequest {
  const hasMask = typeof next.url === 'string' && next.url.includes(MASK);
  return unmaskHeaders(hasMask ? { ...next, url: unmaskUrl(next, previous) } : next, previous);
}

function unmaskUrl(next: HttpRequest, previous: HttpRequest | null): string {
  const url = next.url as string;
  const opened = unmaskedUrl(url, String(previous?.url ?? ''));
  // A mask that is no parameter's value is a text like any other.
  if (opened === url || (opened !== null && previous !== null && haveSameOrigin(previous, next)))
    return opened;
  const issue = maskRefusal('http_request.url', opened === null, 'leave the parameter out');
  throw new SubscriptionInvalidError([issue]);
}

function unmaskHeaders(next: HttpRequest, previous: HttpRequest | null): HttpRequest {
  const { header } = next;
  if (!isRecord(header) || !Object.values(header).includes(MASK)) return next;
  const stored = new Map(
    Object.entries(headerOf(previous)).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const sameOrigin = previous !== null && haveSameOrigin(previous, next);
  const issues: SubscriptionIssue[] = [];
  const opened = Object.entries(header).map(([name, value]) => {
    if (value !== MASK) return [name, value] as const;
    const kept = stored.get(name.toLowerCase());
    if (kept === undefined || !sameOrigin) {
      issues.push(maskRefusal(`http_request.header.${name}`, kept === undefined, 'leave the header out'));
    }
    return [name, kept] as const;
  });
  const [first, ...more] = issues;
  if (first) throw new SubscriptionInvalidError([first, ...more]);
  return { ...next, header: Object.fromEntries(opened) };
}

/**
 * Says why a mask cannot be replaced.
 *
 * @param isNew nothing is stored; otherwise the target is another one
 * @param wayOut what to do without a value
 */
export function maskRefusal(path: string, isNew: boolean, wayOut: string): SubscriptionIssue {
  const message = isNew
    ? `"${MASK}" keeps a value that is stored already, and there is none: give the value itself.`
    : `The stored value is not sent to another scheme, host or port: give the value for the new target, or ${wayOut}.`;
  return { path, message };
}

/** Whether two requests go to the same scheme, host and port. */
export function haveSameOrigin(one: HttpRequest, other: HttpRequest): boolean {
  const origin = originOf(one);
  return origin !== null && origin === originOf(other);
}

function headerOf(request: HttpRequest | null): Record<string, unknown> {
  return isRecord(request?.header) ? request.header : {};
}

function originOf({ url }: HttpRequest): string | null {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : null;
}
