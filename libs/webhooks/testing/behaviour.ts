/** An ordinary response. */
export interface Answer {
  /** @default 200 with a body, 204 without */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Milliseconds to wait before answering. @default 0 */
  readonly delayMs?: number;
}

/**
 * What a receiver does with a request. A number is a bare status code; an object without `kind` an ordinary answer.
 * - `hang`: takes the request and never answers.
 * - `reset`: drops the connection without a byte.
 * - `drip`: a status line, then one byte every `intervalMs` (20) for ever.
 * - `half-body`: announces more than it sends, then closes.
 * - `endless-body`: a body without end, as fast as it is read.
 * - `garbage`: something that is not HTTP.
 * - `redirect`: a 302 to `to`.
 * - `upgrade`: `101 Switching Protocols`, which nobody asked for.
 * - `early-hints`: a 103, then the answer; `repeat` sends 103 for ever.
 * - `raw`: these very bytes; the connection is closed afterwards unless `open`.
 */
export type Behaviour =
  | number
  | Answer
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'drip'; readonly status?: number; readonly intervalMs?: number }
  | { readonly kind: 'half-body'; readonly status?: number }
  | { readonly kind: 'endless-body'; readonly status?: number }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'upgrade' }
  | { readonly kind: 'early-hints'; readonly repeat?: boolean }
  | { readonly kind: 'raw'; readonly bytes: string | Buffer; readonly open?: boolean };

/** A behaviour that is more than an answer. */
export type Misbehaviour = Extract<Behaviour, { readonly kind: string }>;

/** Tells the two kinds of behaviour apart. */
export function isMisbehaviour(behaviour: Behaviour): behaviour is Misbehaviour {
  return typeof behaviour === 'object' && 'kind' in behaviour;
}
