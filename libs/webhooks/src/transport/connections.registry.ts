import { OriginConnections, type OriginOptions } from './origin.connections.js';
import type { Exchange } from './undici.exchange.js';

/** Bounds of all connections. */
export interface ConnectionsOptions extends OriginOptions {
  readonly maxOrigins: number;
}

/** All connections, by origin; the origin unused for longest is closed when there are too many. */
export class ConnectionsRegistry {
  readonly #options: ConnectionsOptions;
  readonly #origins = new Map<string, OriginConnections>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** How many origins have a connection. */
  get size(): number {
    return this.#origins.size;
  }

  /** Sends the exchange to its origin. */
  run(exchange: Exchange): void {
    const { origin } = exchange.request;
    const known = this.#origins.get(origin);
    const connections =
      known ?? new OriginConnections(origin, this.#options, (name) => this.#origins.delete(name));
    // A Map keeps the order of insertion: moved to the end, the first one is the one unused for longest.
    this.#origins.delete(origin);
    this.#origins.set(origin, connections);
    connections.run(exchange);
    if (known === undefined) this.#evict();
  }

  /** Closes idle connections now and those in use when they are free: what allowed them no longer holds. */
  renew(): void {
    for (const connections of this.#origins.values()) connections.renew();
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    const all = [...this.#origins.values()];
    this.#origins.clear();
    await Promise.all(all.map((connections) => connections.close()));
  }

  #evict(): void {
    if (this.#origins.size <= this.#options.maxOrigins) return;
    for (const [origin, connections] of this.#origins) {
      if (!connections.idle) continue;
      this.#origins.delete(origin);
      void connections.close();
      return;
    }
  }
}
