import { parseHttpDate } from './http-date.js';

const MAX_MS = 24 * 60 * 60 * 1_000;
const SECONDS = /^\d+$/;

/**
 * Milliseconds that a `Retry-After` header (RFC 9110, section 10.2.3) asks to wait: seconds or a date, at most 24 hours.
 * Null when there is none, or none that can be understood.
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) return Math.min(Number(text) * 1_000, MAX_MS);
  const at = parseHttpDate(text, now);
  return at === null ? null : Math.min(Math.max(at - now, 0), MAX_MS);
}
