import type { Dispatcher } from 'undici';
import { classifyFault, isReset } from './classify-fault.js';
import type { Deadline } from './deadline.js';
import { ResponseCapture } from './response-capture.js';
import { TransportFault } from './transport-fault.js';

/** What goes on the wire. `headers` holds names and values in turn. */
export interface WireRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: string[];
  readonly body: Buffer | string | null;
}

/** What came back: the final status, the headers in lower case, the beginning of the body. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** Who gets the outcome; one of the two is called, once. */
export interface ExchangeListener {
  answered(response: WireResponse): void;
  failed(fault: TransportFault): void;
}

/** The connection that carries an exchange, as the exchange sees it. */
export interface Carrier {
  /** The request went over a kept-alive connection that has not answered a byte since. */
  readonly maybeStale: boolean;
  /** Sends the exchange again on a fresh connection. */
  retry(exchange: Exchange): void;
  /** The exchange is over; `clean` means that the connection can carry another one. */
  done(clean: boolean): void;
}

/** One request and its response. A status line decides: what breaks after it only shortens the body. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #capture = new ResponseCapture();
  readonly #listener: ExchangeListener;
  #carrier: Carrier | null = null;
  #status = 0;
  #headers: WireResponse['headers'] = {};
  #retried = false;
  #over = false;

  constructor(
    readonly request: WireRequest,
    readonly deadline: Deadline,
    listener: ExchangeListener,
  ) {
    this.#listener = listener;
    deadline.onExpiry(() => this.#fail(new TransportFault(deadline.code, deadline.explanation)));
  }

  /** Whether the outcome is known; such an exchange is not worth sending. */
  get over(): boolean {
    return this.#over;
  }

  /** Binds the exchange to the connection that carries it from now on. */
  carriedBy(carrier: Carrier): void {
    this.#carrier = carrier;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#over) controller.abort(new Error('the exchange is over'));
    this.deadline.phase = 'waiting for the response';
  }

  onResponseStart(_controller: unknown, status: number, headers: WireResponse['headers']): void {
    if (this.#over || status < 200) return;
    this.deadline.phase = 'reading the body';
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (!this.#over && !this.#capture.add(chunk)) this.#answer(false);
  }

  onResponseEnd(): void {
    if (!this.#over) this.#answer(true);
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#over) return;
    if (this.#status > 0) return this.#answer(false);
    // The usual race of keep-alive: the server closed the idle connection while the request was on its way.
    if (!this.#retried && this.#carrier?.maybeStale === true && isReset(error)) {
      this.#retried = true;
      return this.#carrier.retry(this);
    }
    this.#fail(classifyFault(error));
  }

  #answer(clean: boolean): void {
    this.#over = true;
    this.#carrier?.done(clean);
    this.#listener.answered({ status: this.#status, headers: this.#headers, body: this.#capture.bytes() });
  }

  #fail(fault: TransportFault): void {
    if (this.#over) return;
    this.#over = true;
    this.#carrier?.done(false);
    this.#listener.failed(fault);
  }
}
