import type { Socket } from 'node:net';
import { Client } from 'undici';
import { withoutPrototype } from '../internal/without-prototype.js';
import { InterimResponses } from './interim-responses.js';
import type { Opening, PinnedConnector } from './pinned-connector.js';
import type { Carrier, Exchange } from './undici.exchange.js';

/** Who hands connections out and takes them back. */
export interface ConnectionOwner {
  readonly origin: string;
  readonly connector: PinnedConnector;
  /** Milliseconds an idle connection stays open, unless the server announces less. */
  readonly keepAliveMs: number;
  /** The connection is free for another exchange. */
  released(connection: Connection): void;
  /** The connection is closed and gone. */
  retired(connection: Connection): void;
}

const noop = (): void => {};

/** One keep-alive connection that carries one exchange at a time. */
export class Connection implements Carrier {
  readonly #owner: ConnectionOwner;
  readonly #client: Client;
  readonly #interim = new InterimResponses();
  #exchange: Exchange | null = null;
  #socket: Socket | null = null;
  #opening: Opening | null = null;
  #reused = false;
  #bytesBefore = 0;
  #gone = false;

  constructor(owner: ConnectionOwner) {
    this.#owner = owner;
    const options: Client.Options = {
      pipelining: 1,
      keepAliveTimeout: owner.keepAliveMs,
      // The deadline of the exchange is the one clock; undici's own are off.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (target, callback) => {
        this.#reused = false;
        this.#socket = null;
        const budgetMs = this.#exchange?.deadline.timeoutMs ?? 1;
        this.#opening = owner.connector.open(target, budgetMs, (...outcome) => {
          this.#socket = outcome[1];
          if (this.#socket !== null) readThrough(this.#interim, this.#socket);
          callback(...outcome);
        });
      },
    };
    this.#client = new Client(owner.origin, withoutPrototype(options));
    this.#client.on('disconnect', () => {
      if (this.#exchange === null) this.#retire();
    });
  }

  get maybeStale(): boolean {
    const socket = this.#socket;
    if (this.#gone || !this.#reused || socket === null) return false;
    // A TLS socket counts its closing alert, too: there, no status line has to do.
    return 'encrypted' in socket || socket.bytesRead === this.#bytesBefore;
  }

  /** Sends the exchange; connects first where there is no connection yet. */
  start(exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.carriedBy(this);
    this.#interim.expect();
    exchange.deadline.phase = this.#reused ? 'waiting for the response' : 'connecting';
    this.#bytesBefore = this.#socket?.bytesRead ?? 0;
    this.#client.dispatch(exchange.request, exchange);
  }

  retry(exchange: Exchange): void {
    // The dead socket is still being taken down by its owner; afterwards the same client opens a fresh one.
    setImmediate(() => {
      if (!exchange.over && !this.#gone) this.start(exchange);
    });
  }

  done(clean: boolean): void {
    this.#exchange = null;
    if (!clean) return this.#retire();
    this.#reused = true;
    this.#owner.released(this);
  }

  /** Closes the connection, whatever it is doing. */
  close(): Promise<void> {
    this.#gone = true;
    const closed = this.#client.destroy();
    // undici does not stop a connection attempt under way.
    this.#opening?.destroy();
    this.#socket?.destroy();
    return closed;
  }

  #retire(): void {
    if (this.#gone) return;
    this.close().catch(noop);
    this.#owner.retired(this);
  }
}

function readThrough(interim: InterimResponses, socket: Socket): void {
  const read = socket.read.bind(socket) as () => Buffer | null;
  socket.read = () => {
    const chunk = read();
    return chunk === null ? null : interim.pass(chunk);
  };
}
