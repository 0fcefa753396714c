import { connect as connectPlain, isIP, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { portOf } from './egress-guard.js';
import type { EgressProxy } from './egress-proxy.js';
import type { ConnectCallback, ConnectTarget, Opening } from './pinned-connector.js';
import { lookUpJudged, type PinnedLookupOptions } from './pinned-lookup.js';
import { type TlsClient, identityOf } from './tls-client.js';
import { TransportFault } from './transport-fault.js';
import { isTunnel, readTunnelAnswer } from './tunnel-answer.js';
import { UNPOLLUTED } from './unpolluted.js';

/** What a tunnel needs. */
export interface TunnelPlan {
  readonly proxy: EgressProxy;
  readonly target: ConnectTarget;
  readonly lookup: PinnedLookupOptions;
  readonly tls: TlsClient;
}

/** Each costs a connection to the proxy. */
const MAX_ADDRESSES = 4;
/** The proxy could not reach this address; another one may do. */
const UNREACHED = new Set([502, 503, 504]);

/**
 * A connection through the host's proxy, while it is being made: names are resolved and judged here, and the proxy is asked
 * for the address, so that it cannot be led elsewhere by a second look-up.
 */
export class TunnelOpening implements Opening {
  readonly #plan: TunnelPlan;
  #socket: Socket | null = null;
  #fault: Error | null = null;

  constructor(plan: TunnelPlan, timeoutMs: number, callback: ConnectCallback) {
    this.#plan = plan;
    const timer = setTimeout(() => {
      this.#end(new TransportFault('CONNECT_TIMEOUT', `no connection within ${timeoutMs} ms`));
    }, timeoutMs);
    this.#open()
      .finally(() => clearTimeout(timer))
      .then(
        (socket) => callback(null, socket),
        (error: Error) => {
          this.#socket?.destroy();
          callback(this.#fault ?? error, null);
        },
      );
  }

  destroy(): void {
    this.#end(new TransportFault('CONNECTION_RESET', 'closed while connecting'));
  }

  #end(fault: Error): void {
    this.#fault ??= fault;
    this.#socket?.destroy(fault);
  }

  async #open(): Promise<Socket> {
    const { target, tls } = this.#plan;
    const tunnel = await this.#tunnel(await this.#addresses());
    if (target.protocol !== 'https:') return tunnel;
    const socket = tls.connect(target, { socket: tunnel });
    await this.#ready(socket, 'secureConnect');
    return socket;
  }

  async #addresses(): Promise<string[]> {
    const { proxy, target, lookup } = this.#plan;
    if (proxy.resolves || isIP(target.hostname) !== 0) return [target.hostname];
    return new Promise((resolve, reject) => {
      lookUpJudged(target.hostname, {}, lookup, (error, addresses) => {
        if (error !== null) reject(error);
        else resolve(addresses.slice(0, MAX_ADDRESSES).map(({ address }) => address));
      });
    });
  }

  async #tunnel(addresses: readonly string[]): Promise<Socket> {
    const port = portOf(this.#plan.target);
    let status = 0;
    for (const address of addresses) {
      const authority = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
      const socket = await this.#toProxy();
      socket.write(this.#plan.proxy.connectRequest(authority));
      status = await readTunnelAnswer(socket);
      if (isTunnel(status)) return socket;
      socket.destroy();
      if (!UNREACHED.has(status)) break;
    }
    const refused = `${this.#plan.proxy} answered ${status} to CONNECT`;
    throw new TransportFault('PROXY_ERROR', refused);
  }

  async #toProxy(): Promise<Socket> {
    const { proxy } = this.#plan;
    const endpoint = { ...UNPOLLUTED, host: proxy.host, port: proxy.port, autoSelectFamily: true };
    const socket = proxy.secure
      ? connectTls({ ...endpoint, ...identityOf(proxy.host, proxy.ca) })
      : connectPlain(endpoint);
    socket.setNoDelay(true).setKeepAlive(true, 60_000);
    try {
      await this.#ready(socket, proxy.secure ? 'secureConnect' : 'connect');
    } catch (cause) {
      throw new TransportFault('PROXY_ERROR', `${proxy}: ${(cause as Error).message}`, { cause });
    }
    return socket;
  }

  #ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      if (this.#fault !== null) socket.destroy(this.#fault);
      socket.once(event, () => resolve());
      socket.on('error', reject);
      socket.once('close', () => reject(new TransportFault('CONNECTION_RESET', 'closed while connecting')));
    });
  }
}
