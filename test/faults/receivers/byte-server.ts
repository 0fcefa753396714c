import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

/** Answers a request by bytes, as long as somebody reads them, and counts what it gets rid of. */
export class ByteServer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private conclude!: (how: 'read to the end' | 'broken off') => void;

  /** How its first answer ended. */
  readonly outcome = new Promise<'read to the end' | 'broken off'>((resolve) => (this.conclude = resolve));

  private constructor(head: string, chunk: Buffer, { count, everyMs }: { count: number; everyMs: number }) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => this.conclude('broken off'));
      socket.once('data', () => {
        socket.write(head);
        let left = count;
        const next = (): void => {
          if (left-- === 0) return this.conclude('read to the end');
          socket.write(chunk, (error) => {
            if (!error) setTimeout(next, everyMs);
          });
        };
        next();
      });
    });
  }

  /** `count` times `chunk` after the head of a 200; each `everyMs` after the one before was written. */
  static async start(
    head: string,
    chunk: Buffer,
    pace: { count: number; everyMs: number },
  ): Promise<ByteServer> {
    const bytes = new ByteServer(head, chunk, pace);
    await new Promise<void>((resolve) => bytes.server.listen(0, '127.0.0.1', resolve));
    return bytes;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
