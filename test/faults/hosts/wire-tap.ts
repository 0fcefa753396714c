import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';
// Each request comes over a connection of its own, that was made under its poison.
const OK = 'HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n';

/** The part of a message that is complete, by its `content-length`; undefined: more is to come. */
function firstRequest(text: string): string | undefined {
  const end = text.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const [, length = '0'] = /^content-length: (\d+)\r$/im.exec(text.slice(0, end + 2)) ?? [];
  const total = end + END_OF_HEAD.length + Number(length);
  return text.length < total ? undefined : text.slice(0, total);
}

/** Answers 204 to everything and keeps the very bytes of each request. */
export class WireTap {
  readonly requests: string[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor() {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      let text = '';
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        for (let request = firstRequest(text); request !== undefined; request = firstRequest(text)) {
          this.requests.push(request);
          text = text.slice(request.length);
          socket.end(OK);
        }
      });
    });
  }

  static async start(): Promise<WireTap> {
    const tap = new WireTap();
    await new Promise<void>((resolve) => tap.server.listen(0, '127.0.0.1', resolve));
    return tap;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
