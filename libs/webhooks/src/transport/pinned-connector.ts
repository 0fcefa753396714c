import { connect as connectPlain, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type EgressGuard, type EgressTarget, portOf } from './egress-guard.js';
import { pinnedLookup, type ResolveAll } from './pinned-lookup.js';
import { TlsClient, type TrustedCertificates } from './tls-client.js';
import { TransportFault } from './transport-fault.js';
import { TunnelOpening } from './tunnel-opening.js';
import { UNPOLLUTED } from './unpolluted.js';

/** Where a connection leads; names and ports as a URL gives them. */
export type ConnectTarget = EgressTarget;

/** How connections are made. */
export interface ConnectorOptions {
  readonly guard: EgressGuard;
  readonly dnsTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly ca?: TrustedCertificates;
  readonly resolve?: ResolveAll | undefined;
}

/** Called once, with the connected socket or with why there is none. */
export type ConnectCallback = (...outcome: [null, Socket] | [Error, null]) => void;

/** A connection that is being made; a socket is one. */
export interface Opening {
  destroy(): void;
}

/** Node's own 250 ms gives up on routes that are slow but work. */
const FAMILY_ATTEMPT_MS = 2000;

/** Opens TCP and TLS connections, and only to where the guard lets them lead. */
export class PinnedConnector {
  readonly #options: ConnectorOptions;
  readonly #tls: TlsClient;

  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#tls = new TlsClient(options.ca);
  }

  /**
   * Starts a connection; what it returns at once is there to destroy it while it is being made.
   * `budgetMs` bounds DNS, connect and TLS together, `connectTimeoutMs` of the options permitting.
   */
  open(target: ConnectTarget, budgetMs: number, callback: ConnectCallback): Opening | null {
    const { guard, dnsTimeoutMs, connectTimeoutMs, resolve } = this.#options;
    const reason = guard.checkTarget(target);
    if (reason !== null) {
      queueMicrotask(() => callback(new TransportFault('TARGET_BLOCKED', reason), null));
      return null;
    }
    const timeoutMs = Math.min(budgetMs, connectTimeoutMs);
    const lookup = { guard, timeoutMs: Math.min(dnsTimeoutMs, timeoutMs), resolve };
    const { proxy } = guard;
    if (proxy === null) {
      const endpoint = { ...UNPOLLUTED, ...directTo(target), lookup: pinnedLookup(lookup) };
      return this.#direct(target, endpoint, { timeoutMs, callback });
    }
    return new TunnelOpening({ proxy, target, lookup, tls: this.#tls }, timeoutMs, callback);
  }

  #direct(
    target: ConnectTarget,
    endpoint: TcpNetConnectOpts,
    { timeoutMs, callback }: { timeoutMs: number; callback: ConnectCallback },
  ): Socket {
    const secure = target.protocol === 'https:';
    const socket = secure ? this.#tls.connect(target, endpoint) : connectPlain(endpoint);
    socket.setNoDelay(true).setKeepAlive(true, 60_000);
    // Before TLS's own listener: where the connection must not lead, not even a greeting is sent.
    socket.prependOnceListener('connect', () => {
      const fault = this.#misled(socket, target);
      if (fault !== null) socket.destroy(fault);
    });
    settle(socket, secure ? 'secureConnect' : 'connect', { timeoutMs, callback });
    return socket;
  }

  /** The last word has the address that the connection really has, whoever resolved it. */
  #misled(socket: Socket, { hostname }: ConnectTarget): TransportFault | null {
    const { localAddress: local, remoteAddress: remote } = socket;
    if (remote === undefined) return new TransportFault('CONNECTION_RESET', 'closed while connecting');
    const ends = local === undefined ? { remote } : { local, remote };
    const reason = this.#options.guard.checkConnection(ends, hostname);
    return reason === null
      ? null
      : new TransportFault('TARGET_BLOCKED', `${hostname} led to a refused address: ${reason}`);
  }
}

function directTo(target: ConnectTarget): TcpNetConnectOpts {
  return {
    host: target.hostname,
    port: portOf(target),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_MS,
  };
}

function settle(
  socket: Socket,
  ready: 'connect' | 'secureConnect',
  { timeoutMs, callback }: { timeoutMs: number; callback: ConnectCallback },
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
    if (!socket.destroyed) finish(null, socket);
  });
  socket.on('error', (error) => finish(error, null));
  socket.once('close', () => finish(new TransportFault('CONNECTION_RESET', 'closed while connecting'), null));
}
