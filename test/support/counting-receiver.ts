import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Receives much and remembers little: how often each message came, and from whom. */
export class CountingReceiver {
  /** By webhook-id. */
  readonly messages = new Map<string, number>();
  /** By user agent. */
  readonly senders = new Map<string, number>();
  private expected: { readonly messages: number; readonly resolve: () => void } | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<CountingReceiver> {
    const receiver = new CountingReceiver(
      createServer((message, response) => {
        message.resume().on('end', () => {
          response.writeHead(204).end();
          receiver.count(String(message.headers['webhook-id']), String(message.headers['user-agent']));
        });
      }),
    );
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** Resolves when so many different messages have come. */
  arrived(messages: number): Promise<void> {
    return new Promise((resolve) => (this.expected = { messages, resolve }));
  }

  /** Requests that were not the first of their message. */
  get duplicates(): number {
    return [...this.messages.values()].reduce((sum, times) => sum + times - 1, 0);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private count(id: string, sender: string): void {
    this.messages.set(id, (this.messages.get(id) ?? 0) + 1);
    this.senders.set(sender, (this.senders.get(sender) ?? 0) + 1);
    if (this.expected && this.messages.size >= this.expected.messages) this.expected.resolve();
  }
}
