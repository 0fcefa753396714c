import { createServer as createSecureServer } from 'node:https';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CERTIFICATE, PRIVATE_KEY } from './tls-identity.js';

/** What a proxy answers to CONNECT: `tunnel`, or these bytes; null says nothing at all. */
export type ProxyAnswer = 'tunnel' | 'close' | string | null;

/** How a proxy starts. */
export interface ConnectProxyOptions {
  /** Where every tunnel leads, whatever was asked for: nothing leaves the machine. */
  readonly port: number;
  readonly secure?: boolean;
  readonly answer?: (authority: string) => ProxyAnswer;
}

/** A CONNECT proxy on 127.0.0.1 that records what it is asked for. */
export class ConnectProxy {
  readonly asked: { readonly authority: string; readonly authorization: string | undefined }[] = [];
  readonly #sockets = new Set<Duplex>();
  readonly #server;

  private constructor(readonly options: ConnectProxyOptions) {
    const identity = { key: PRIVATE_KEY, cert: CERTIFICATE };
    this.#server = options.secure ? createSecureServer(identity) : createServer();
    this.#server.on('connect', (request, socket) => this.#connect(request, socket));
    this.#server.on('connection', (socket: Socket) => this.#watch(socket));
  }

  static async start(options: ConnectProxyOptions): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `host:port` with which it was asked for tunnels, in order. */
  get authorities(): string[] {
    return this.asked.map(({ authority }) => authority);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  #watch(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }

  #connect({ url = '', headers }: IncomingMessage, socket: Duplex): void {
    this.asked.push({ authority: url, authorization: headers['proxy-authorization'] });
    this.#watch(socket);
    const answer = this.options.answer === undefined ? 'tunnel' : this.options.answer(url);
    if (answer === null) return;
    if (answer === 'close') socket.destroy();
    else if (answer !== 'tunnel') socket.write(answer);
    else this.#tunnel(socket);
  }

  #tunnel(socket: Duplex): void {
    const upstream = connect(this.options.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\nx-proxy: a\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    this.#watch(upstream);
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
  }
}
