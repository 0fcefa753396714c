const MAX_MS = 24 * 60 * 60 * 1_000;
const SECONDS = /^\d{1,9}$/;
// RFC 9110, section 5.6.7: the one form that senders may use.
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Milliseconds that a `Retry-After` header (RFC 9110, section 10.2.3) asks to wait: seconds or a date, at most 24 hours.
 * Null when there is none, or none that can be understood.
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) return Math.min(Number(text) * 1_000, MAX_MS);
  if (!HTTP_DATE.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), MAX_MS);
}
