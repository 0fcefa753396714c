import type { TransportErrorCode } from './transport-errors.js';

/**
 * One HTTP request, complete: nothing is added on the way but what HTTP itself needs (`host`, `content-length`,
 * `connection`), `accept-encoding: identity`, and a `user-agent` where there is none.
 */
export interface OutboundRequest {
  readonly method: string;
  readonly url: string;
  /** Headers that belong to HTTP itself (`host`, `content-length`, `connection` …) are left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes to send; null sends no body. */
  readonly body: Buffer | null;
  /** Milliseconds for everything together: DNS, connect, TLS, headers and body. */
  readonly timeoutMs: number;
}

/** What came back: either `status` or `error` is null, never both. */
export interface TransportResult {
  /** The final status line's code; null when the exchange was not usable. */
  readonly status: number | null;
  readonly error: TransportErrorCode | null;
  /** For operators: the system's own words. Never shown to subscribers. */
  readonly detail: string | null;
  /** Response headers worth keeping, lower case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most the first 16 kB of the response, as valid text. */
  readonly body: string;
  /** Whole milliseconds. */
  readonly durationMs: number;
}

/** The way out of the process. Never rejects: every outcome is a value. */
export abstract class WebhookTransport {
  abstract send(request: OutboundRequest): Promise<TransportResult>;

  /** Closes idle connections; called once, after the last send. */
  abstract close(): Promise<void>;
}
