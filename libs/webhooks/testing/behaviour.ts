/** An ordinary response. */
export interface Answer {
  /** @default 200 with a body, 204 without */
  readonly status?: number;
  /** A list stands for several headers of one name. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** Milliseconds to wait before answering: more than the sender's deadline for an answer that comes too late. @default 0 */
  readonly delayMs?: number;
  /** Answers when this has resolved, and never when it does not: for what must happen while an attempt is under way. */
  readonly until?: Promise<unknown>;
}

interface WithStatus {
  /** @default 200 */
  readonly status?: number;
}

interface WithBytes extends WithStatus {
  readonly bytes?: number;
}

/** What each misbehaviour is, and its options beside `kind`. */
export interface Misbehaviours {
  /** Takes the request and never answers. */
  hang: unknown;
  /** Closes the connection without a byte. */
  close: unknown;
  /** Resets the connection: before a byte of the answer (`request`, the default), after its `headers`, or in its `body`. */
  reset: WithStatus & { readonly after?: 'request' | 'headers' | 'body' };
  /** Answers, and resets the connection at the moment the next request comes over it: the race of keep-alive. That one is not recorded. */
  'reset-reused': WithStatus;
  /** A status line, then one byte every `intervalMs` (20) for ever. */
  drip: WithStatus & { readonly intervalMs?: number };
  /** Announces more than it sends, then closes. */
  'half-body': WithStatus;
  /** A body without end, as fast as it is read. */
  'endless-body': WithStatus;
  /** A body of `bytes` (100 MB), announced by its length. */
  'large-body': WithBytes;
  /** A small body that unpacks to `bytes` (100 MB). */
  'gzip-bomb': WithBytes;
  /** Headers of `bytes` (64 kB) in all. */
  'large-headers': WithBytes;
  /** Something that is not HTTP. */
  garbage: unknown;
  /** A redirect (302, or another `status`) to `to`. */
  redirect: { readonly to: string; readonly status?: number };
  /** `101 Switching Protocols`, which nobody asked for. */
  upgrade: unknown;
  /** `100 Continue`, which nobody asked for, then the answer; `repeat` sends it for ever. */
  continue: WithStatus & { readonly repeat?: boolean };
  /** `103 Early Hints`, then the answer; `repeat` sends them for ever. */
  'early-hints': WithStatus & { readonly repeat?: boolean };
  /** These very bytes; the connection is closed afterwards unless `open`. */
  raw: { readonly bytes: string | Buffer; readonly open?: boolean };
}

/**
 * A behaviour that is more than an answer: its `kind`, one of {@link Misbehaviours}, and the options of that.
 *
 * @example
 * receiver.answer('/hooks', { kind: 'drip', intervalMs: 100 });
 */
export type Misbehaviour = {
  [K in keyof Misbehaviours]: { readonly kind: K } & Misbehaviours[K];
}[keyof Misbehaviours];

/**
 * What a receiver does with a request. A number is a bare status code; an object without `kind` an ordinary answer;
 * one with `kind` a misbehaviour. Nobody listening is none of them: see `WebhookReceiver.refuse()`.
 */
export type Behaviour = number | Answer | Misbehaviour;

/** Tells the two kinds of behaviour apart. */
export function isMisbehaviour(behaviour: Behaviour): behaviour is Misbehaviour {
  return typeof behaviour === 'object' && 'kind' in behaviour;
}
