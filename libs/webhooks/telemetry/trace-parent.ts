/** What identifies a span in every process. */
export interface SpanIdentity {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A span as W3C Trace Context writes it: `00-<trace>-<span>-<flags>`. */
export function traceParentOf({ traceId, spanId, traceFlags }: SpanIdentity): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Undefined for what is no `traceparent`. */
export function spanIdentityOf(traceParent: string | null | undefined): SpanIdentity | undefined {
  const found = FORM.exec(traceParent ?? '');
  return found ? { traceId: found[1]!, spanId: found[2]!, traceFlags: parseInt(found[3]!, 16) } : undefined;
}
