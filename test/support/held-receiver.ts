import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that waits for the test's answer. */
export interface HeldRequest {
  readonly path: string;
  readonly webhookId: string;
  readonly data: Record<string, unknown>;
  answer(status: number): void;
}

/** A receiver that answers nothing until the test says so, one request at a time. */
export class HeldReceiver {
  /** Of the requests so far. */
  readonly paths: string[] = [];
  private expected: { readonly count: number; readonly resolve: () => void } | undefined;
  private standing: number | undefined;
  private readonly arrived: HeldRequest[] = [];
  private readonly waiting: ((request: HeldRequest) => void)[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((message, response) => {
      let body = '';
      message.setEncoding('utf8').on('data', (text: string) => (body += text));
      message.on('end', () =>
        this.take({ path: message.url!, id: message.headers['webhook-id'], body }, response),
      );
    });
  }

  static async start(): Promise<HeldReceiver> {
    const receiver = new HeldReceiver();
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** Requests so far. */
  get count(): number {
    return this.paths.length;
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** The next request, in the order of arrival. */
  next(): Promise<HeldRequest> {
    const request = this.arrived.shift();
    return request ? Promise.resolve(request) : new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The request that comes before `work` is over; undefined if none does. */
  async nextBefore(work: Promise<unknown>): Promise<HeldRequest | undefined> {
    let give!: (request: HeldRequest) => void;
    const next = new Promise<HeldRequest>((resolve) => (give = resolve));
    const early = this.arrived.shift();
    if (early) return early;
    this.waiting.push(give);
    const first = await Promise.race([next, work.then(() => undefined)]);
    if (!first) this.waiting.splice(this.waiting.indexOf(give), 1);
    return first;
  }

  /** Resolves when so many requests have come. */
  arrivedInAll(count: number): Promise<void> {
    if (this.count >= count) return Promise.resolve();
    return new Promise((resolve) => (this.expected = { count, resolve }));
  }

  /** Answers what waits, and everything from now on at once. */
  answerAll(status: number): void {
    this.standing = status;
    for (const request of this.arrived.splice(0)) request.answer(status);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private take(
    { path, id, body }: { path: string; id: unknown; body: string },
    response: ServerResponse,
  ): void {
    this.paths.push(path);
    if (this.expected && this.count >= this.expected.count) this.expected.resolve();
    const { data } = JSON.parse(body) as { data: Record<string, unknown> };
    const answer = (status: number): void => void response.writeHead(status).end();
    const request: HeldRequest = { path, webhookId: String(id), data, answer };
    if (this.standing !== undefined) return answer(this.standing);
    const waiting = this.waiting.shift();
    if (waiting) waiting(request);
    else this.arrived.push(request);
  }
}
