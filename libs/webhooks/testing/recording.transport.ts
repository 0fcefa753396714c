import { type OutboundRequest, type TransportResult, WebhookTransport } from 'nestjs-webhooks';

/** What a recording transport answers: the fields that matter, or a function of the request. */
export type ScriptedResult =
  | Partial<TransportResult>
  | ((request: OutboundRequest) => Partial<TransportResult> | Promise<Partial<TransportResult>>);

const SUCCESS: TransportResult = {
  status: 200,
  error: null,
  detail: null,
  headers: {},
  body: '',
  durationMs: 0,
};

/**
 * Sends nothing: records the requests and answers from a script, one result each; the last one repeats.
 *
 * @example
 * const transport = new RecordingTransport({ status: 500 }, { status: 200 });
 */
export class RecordingTransport extends WebhookTransport {
  readonly #requests: OutboundRequest[] = [];
  #script: ScriptedResult[];
  #closed = false;

  constructor(...script: readonly ScriptedResult[]) {
    super();
    this.#script = [...script];
  }

  /** Every request, in the order of sending. */
  get requests(): readonly OutboundRequest[] {
    return this.#requests;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Replaces the script. */
  answer(...script: readonly ScriptedResult[]): void {
    this.#script = [...script];
  }

  async send(request: OutboundRequest): Promise<TransportResult> {
    this.#requests.push(request);
    const next = this.#script.length > 1 ? this.#script.shift() : this.#script[0];
    const result = typeof next === 'function' ? await next(request) : next;
    const failed = result?.error !== undefined && result.error !== null;
    return { ...SUCCESS, ...(failed && { status: null }), ...result };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
