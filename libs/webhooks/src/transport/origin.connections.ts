import type { PinnedConnector } from './pinned-connector.js';
import { Connection, type ConnectionOwner } from './undici.connection.js';
import type { Exchange } from './undici.exchange.js';

/** Bounds of the connections to one origin. */
export interface OriginOptions {
  readonly connector: PinnedConnector;
  readonly keepAliveMs: number;
  readonly connectionsPerOrigin: number;
}

/**
 * The connections to one origin. Exchanges beyond the bound wait here and not in an HTTP client, so that one whose
 * deadline passed while waiting costs no connection attempt.
 */
export class OriginConnections implements ConnectionOwner {
  readonly connector: PinnedConnector;
  readonly keepAliveMs: number;
  readonly #limit: number;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: Exchange[] = [];
  readonly #outdated = new Set<Connection>();
  readonly #emptied: (origin: string) => void;

  constructor(
    readonly origin: string,
    options: OriginOptions,
    emptied: (origin: string) => void,
  ) {
    this.connector = options.connector;
    this.keepAliveMs = options.keepAliveMs;
    this.#limit = options.connectionsPerOrigin;
    this.#emptied = emptied;
  }

  /** Whether nothing is under way. */
  get idle(): boolean {
    return this.#idle.length === this.#all.size;
  }

  /** Sends the exchange on a free connection, a new one, or the next one that becomes free. */
  run(exchange: Exchange): void {
    const connection = this.#idle.pop() ?? this.#open();
    if (connection !== null) return connection.start(exchange);
    exchange.deadline.phase = 'waiting for a free connection';
    this.#waiting.push(exchange);
  }

  released(connection: Connection): void {
    if (this.#outdated.size > 0 && this.#outdated.has(connection)) return this.#discard(connection);
    const next = this.#nextWaiting();
    if (next === undefined) this.#idle.push(connection);
    else connection.start(next);
  }

  retired(connection: Connection): void {
    this.#all.delete(connection);
    this.#outdated.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    // Not in this turn: an endless row of failing exchanges must not become an endless row of nested calls.
    if (this.#waiting.length > 0) queueMicrotask(() => this.#carryOn());
    else if (this.#all.size === 0) this.#emptied(this.origin);
  }

  /** Closes idle connections now, and those in use when they are free. */
  renew(): void {
    for (const connection of this.#all) this.#outdated.add(connection);
    for (const connection of this.#idle.slice()) this.#discard(connection);
  }

  /** Closes every connection, also those in use. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }

  #discard(connection: Connection): void {
    void connection.close();
    this.retired(connection);
  }

  #open(): Connection | null {
    if (this.#all.size >= this.#limit) return null;
    const connection = new Connection(this);
    this.#all.add(connection);
    return connection;
  }

  #carryOn(): void {
    const next = this.#nextWaiting();
    if (next !== undefined) this.run(next);
    else if (this.#all.size === 0) this.#emptied(this.origin);
  }

  #nextWaiting(): Exchange | undefined {
    let next = this.#waiting.shift();
    while (next?.over === true) next = this.#waiting.shift();
    return next;
  }
}
