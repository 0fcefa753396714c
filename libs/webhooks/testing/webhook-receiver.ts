import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { behave, breakIfOrdered } from './behave.js';
import type { Behaviour } from './behaviour.js';
import { readRequest, type ReceivedRequest } from './received-request.js';
import { type Expectation, RequestLog } from './request-log.js';

/** How a receiver starts. */
export interface WebhookReceiverOptions {
  /** @default a free one */
  readonly port?: number;
  /**
   * How long `waitFor()` waits unless told otherwise, in milliseconds.
   * @default 10000
   */
  readonly waitTimeoutMs?: number;
}

const withoutQuery = (path: string): string => path.split('?', 1)[0]!;

/**
 * A real HTTP server on 127.0.0.1 that records what it gets and answers, or misbehaves, as told.
 *
 * @example
 * const receiver = await WebhookReceiver.start();
 * receiver.answer('/hooks', 500, 503, 200);
 * const [first] = await receiver.waitFor(1);
 * await receiver.close();
 */
export class WebhookReceiver {
  readonly #server: Server;
  readonly #log = new RequestLog();
  readonly #scripts = new Map<string, Behaviour[]>();
  readonly #listeners = new Set<(request: ReceivedRequest) => void>();

  #port = 0;

  private constructor(private readonly waitTimeoutMs: number) {
    // The receiver never closes a connection by itself: only what a test orders may happen to it.
    this.#server = createServer({ keepAliveTimeout: 600_000, requestTimeout: 0 }, (message, response) => {
      void this.#handle(message, response);
    });
  }

  /** Starts listening. */
  static async start(options: WebhookReceiverOptions = {}): Promise<WebhookReceiver> {
    const { port = 0, waitTimeoutMs = 10_000 } = options;
    const receiver = new WebhookReceiver(waitTimeoutMs);
    await receiver.#listen(port);
    return receiver;
  }

  /** Also known after closing, so that a test can address nobody. */
  get port(): number {
    return this.#port;
  }

  /** Every request, in the order of arrival. */
  get requests(): readonly ReceivedRequest[] {
    return this.#log.requests;
  }

  /** The address of a path on this receiver. */
  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** The requests to one path; without a query it means all queries. */
  requestsTo(path: string): readonly ReceivedRequest[] {
    return this.requests.filter((request) => request.path === path || withoutQuery(request.path) === path);
  }

  /**
   * Orders what happens to the next requests to a path, one behaviour each; the last one repeats. Replaces what was
   * ordered before. Without an order the answer is 204. The path `*` stands for every other one.
   */
  answer(path: string, ...behaviours: readonly [Behaviour, ...Behaviour[]]): void {
    this.#scripts.set(path, [...behaviours]);
  }

  /** Calls `listener` with every request before it is answered. Returns how to stop that. */
  onRequest(listener: (request: ReceivedRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves with all requests once so many have arrived, or once the condition holds.
   * @throws Error after `timeoutMs` (the option `waitTimeoutMs`: 10,000), saying what did arrive.
   */
  waitFor(
    expectation: Expectation,
    { timeoutMs = this.waitTimeoutMs } = {},
  ): Promise<readonly ReceivedRequest[]> {
    return this.#log.waitFor(expectation, timeoutMs);
  }

  /** Forgets the recorded requests; orders stay. */
  clear(): void {
    this.#log.clear();
  }

  /** Stops listening: connections are refused, and open ones are gone, until `accept()`. Orders and requests stay. */
  refuse(): Promise<void> {
    return this.#stop();
  }

  /** Listens again, on the same port. */
  async accept(): Promise<void> {
    await this.#listen(this.#port);
  }

  /** Stops listening and destroys open connections. */
  async close(): Promise<void> {
    await this.#stop();
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (breakIfOrdered(message.socket)) return;
    const read = await readRequest(message);
    if (read === null) return;
    // Taken before the request is told: whoever reacts to it may already order the next one.
    const behaviour = this.#next(read.path);
    const request = { ...read, behaviour };
    this.#log.add(request);
    for (const listener of this.#listeners) listener(request);
    behave(behaviour, response);
  }

  #next(path: string): Behaviour {
    const script =
      this.#scripts.get(path) ?? this.#scripts.get(withoutQuery(path)) ?? this.#scripts.get('*') ?? [];
    return (script.length > 1 ? script.shift() : script[0]) ?? 204;
  }
}
