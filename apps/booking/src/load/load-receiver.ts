import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a receiver behaves. */
export interface Manner {
  readonly name: string;
  readonly about: string;
  /** Milliseconds until it answers. */
  readonly delayMs: number;
  /** Of so many first attempts one is answered 503; 0: none. */
  readonly failsOneOf: number;
}

/** Whom the load is sent to. */
export const MANNERS: readonly Manner[] = [
  { name: 'healthy', about: 'answers at once', delayMs: 0, failsOneOf: 0 },
  { name: 'slow', about: 'takes 50 ms', delayMs: 50, failsOneOf: 0 },
  { name: 'failing', about: 'answers every third 503 at first', delayMs: 0, failsOneOf: 3 },
];

/** Header in which subscriptions say what a request is about. */
export const ABOUT = 'x-about';

/** A server that remembers of each request only what it was about, and when. */
export class LoadReceiver {
  /** When each event was first taken, by what it is about, in milliseconds of `performance.now()`. */
  readonly taken = new Map<string, number>();
  requests = 0;
  retried = 0;
  failed = 0;
  /** Requests about what had been taken already: at least once means that there may be some. */
  repeated = 0;
  private firsts = 0;
  private readonly server: Server;

  private constructor(readonly manner: Manner) {
    this.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      request.resume().once('end', () => void this.answer(request, response));
    });
  }

  static async start(manner: Manner): Promise<LoadReceiver> {
    const receiver = new LoadReceiver(manner);
    await new Promise<void>((resolve, reject) => {
      receiver.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.manner.name}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = performance.now();
    const { delayMs, failsOneOf } = this.manner;
    const isFirst = headers['webhook-attempt'] === '1';
    this.requests++;
    if (!isFirst) this.retried++;
    const refuses = isFirst && failsOneOf > 0 && this.firsts++ % failsOneOf === 0;
    if (delayMs > 0) await sleep(delayMs);
    if (refuses) this.failed++;
    else this.take(String(headers[ABOUT]), arrivedAt);
    response.writeHead(refuses ? 503 : 204).end();
  }

  private take(about: string, arrivedAt: number): void {
    if (this.taken.has(about)) this.repeated++;
    else this.taken.set(about, arrivedAt);
  }
}
