import { connect as connectPlain, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { EgressGuard } from './egress-guard.js';
import { pinnedLookup, type ResolveAll } from './pinned-lookup.js';
import { TransportFault } from './transport-fault.js';

/** Where a connection leads; names and ports as a URL gives them. */
export interface ConnectTarget {
  readonly hostname: string;
  readonly port: string;
  readonly protocol: string;
}

/** How connections are made. */
export interface ConnectorOptions {
  readonly guard: EgressGuard;
  readonly dnsTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Certificates to trust instead of the well-known ones. */
  readonly ca?: string | readonly string[] | undefined;
  readonly resolve?: ResolveAll | undefined;
}

/** Called once, with the connected socket or with why there is none. */
export type ConnectCallback = (...outcome: [null, Socket] | [Error, null]) => void;

const MAX_SESSIONS = 256;
/** Node's own 250 ms gives up on routes that are slow but work. */
const FAMILY_ATTEMPT_MS = 2000;

/** Opens TCP and TLS connections, and only to where the guard lets them lead. */
export class PinnedConnector {
  readonly #options: ConnectorOptions;
  readonly #sessions = new Map<string, Buffer>();

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  /**
   * Starts a connection and returns its socket at once, so that the caller can destroy it while it is being made.
   * `budgetMs` bounds DNS, connect and TLS together, `connectTimeoutMs` of the options permitting.
   */
  open(target: ConnectTarget, budgetMs: number, callback: ConnectCallback): Socket | null {
    const reason = this.#options.guard.checkHost(target.hostname);
    if (reason !== null) {
      queueMicrotask(() => callback(new TransportFault('TARGET_BLOCKED', reason), null));
      return null;
    }
    const timeoutMs = Math.min(budgetMs, this.#options.connectTimeoutMs);
    const secure = target.protocol === 'https:';
    const socket = secure ? this.#secure(target, timeoutMs) : connectPlain(this.#endpoint(target, timeoutMs));
    socket.setNoDelay(true).setKeepAlive(true, 60_000);
    this.#settle(socket, secure ? 'secureConnect' : 'connect', { target, timeoutMs, callback });
    return socket;
  }

  #endpoint(target: ConnectTarget, timeoutMs: number): TcpNetConnectOpts {
    const { guard, dnsTimeoutMs, resolve } = this.#options;
    return {
      host: target.hostname,
      port: Number(target.port) || (target.protocol === 'https:' ? 443 : 80),
      lookup: pinnedLookup({ guard, timeoutMs: Math.min(dnsTimeoutMs, timeoutMs), resolve }),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_MS,
    };
  }

  #secure(target: ConnectTarget, timeoutMs: number): Socket {
    const { ca } = this.#options;
    const name = target.hostname.replace(/\.$/, '');
    const key = `${name}:${target.port}`;
    const session = this.#sessions.get(key);
    const options: ConnectionOptions = {
      ...this.#endpoint(target, timeoutMs),
      ALPNProtocols: ['http/1.1'],
      ...(isIP(name) === 0 && { servername: name }),
      ...(session !== undefined && { session }),
      ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
    };
    return connectTls(options).on('session', (ticket: Buffer) => this.#remember(key, ticket));
  }

  #remember(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
  }

  #settle(
    socket: Socket,
    ready: 'connect' | 'secureConnect',
    { target, timeoutMs, callback }: { target: ConnectTarget; timeoutMs: number; callback: ConnectCallback },
  ): void {
    let open = true;
    const finish: ConnectCallback = (...outcome) => {
      clearTimeout(timer);
      if (open) callback(...outcome);
      open = false;
    };
    const timer = setTimeout(() => {
      socket.destroy(new TransportFault('CONNECT_TIMEOUT', `no connection within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.once(ready, () => {
      const fault = this.#misled(socket, target);
      if (fault === null) return finish(null, socket);
      socket.destroy();
      finish(fault, null);
    });
    socket.on('error', (error) => finish(error, null));
    socket.once('close', () =>
      finish(new TransportFault('CONNECTION_RESET', 'closed while connecting'), null),
    );
  }

  /** The last word has the address that the connection really has, whoever resolved it. */
  #misled(socket: Socket, target: ConnectTarget): TransportFault | null {
    const { guard } = this.#options;
    const address = socket.remoteAddress;
    if (address === undefined) return new TransportFault('CONNECTION_RESET', 'closed while connecting');
    if (guard.vouchesFor(target.hostname) || guard.allowsAddress(address)) return null;
    return new TransportFault('TARGET_BLOCKED', `${target.hostname} led to ${address}, which is not public`);
  }
}
