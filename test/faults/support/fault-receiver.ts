import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Receipt } from './ledger.js';

/** A request as it is noted: by and by it may be answered. */
export interface FaultRequest extends Receipt {
  readonly path: string;
  /** Its user agent: which process sent it. */
  readonly sender: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  succeeded: boolean;
}

/** What happens to a request: a status, or no answer for the time being. */
export type Rule = (request: FaultRequest) => number | 'hold';

interface Held {
  readonly request: FaultRequest;
  readonly response: ServerResponse;
}

interface Waiter {
  readonly condition: () => boolean;
  readonly resolve: () => void;
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  let body = '';
  message.setEncoding('utf8');
  for await (const text of message) body += String(text);
  return body;
}

/** Notes every request in the order of arrival, and answers when the test says so. */
export class FaultReceiver {
  readonly requests: FaultRequest[] = [];
  private readonly servers: Server[] = [];
  private readonly held: Held[] = [];
  private readonly waiters = new Set<Waiter>();
  private rule: Rule = () => 204;

  /** `places`: as many addresses it has, for senders that keep few connections to each. */
  static async start(places = 1): Promise<FaultReceiver> {
    const receiver = new FaultReceiver();
    for (let n = 0; n < places; n++) {
      const server = createServer((message, response) => {
        // The sender may die half-way: such a request was never received.
        receiver.take(message, response).catch(() => undefined);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      receiver.servers.push(server);
    }
    return receiver;
  }

  url(path = '/hook', place = 0): string {
    return `http://127.0.0.1:${(this.servers[place]!.address() as AddressInfo).port}${path}`;
  }

  /** Decides on all requests from now on. */
  answerBy(rule: Rule): void {
    this.rule = rule;
  }

  /** Answers nothing from now on. */
  hold(): void {
    this.rule = () => 'hold';
  }

  /** Answers the first of those that wait, by default all of them. */
  answerHeld(status: number, count = this.held.length): void {
    for (const { request, response } of this.held.splice(0, count)) answer(request, response, status);
    this.wakeWaiters();
  }

  /** Requests from one sender. */
  from(sender: string): FaultRequest[] {
    return this.requests.filter((request) => request.sender === sender);
  }

  /** Resolves as soon as the condition holds, which is looked at after every request and every answer. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.waiters.add({ condition, resolve }));
  }

  /** Resolves when so many requests have come. */
  arrived(count: number): Promise<void> {
    return this.until(() => this.requests.length >= count);
  }

  async close(): Promise<void> {
    for (const server of this.servers) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    }
  }

  private async take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(message);
    const headers = message.headers as FaultRequest['headers'];
    const { data } = JSON.parse(body) as { data: { order_id: string } };
    const request: FaultRequest = {
      webhookId: String(headers['webhook-id']),
      orderId: data.order_id,
      path: message.url!,
      sender: String(headers['user-agent']),
      headers,
      body,
      succeeded: false,
    };
    this.requests.push(request);
    const ruling = this.rule(request);
    if (ruling === 'hold') this.held.push({ request, response });
    else answer(request, response, ruling);
    this.wakeWaiters();
  }

  private wakeWaiters(): void {
    for (const waiter of this.waiters) {
      if (!waiter.condition()) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

function answer(request: FaultRequest, response: ServerResponse, status: number): void {
  request.succeeded = status >= 200 && status < 300;
  response.writeHead(status).end();
}
