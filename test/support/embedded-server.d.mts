/** A PostgreSQL of our own. */
export interface EmbeddedServer {
  readonly url: string;
  readonly port: number;
  readonly databaseDir: string;
  stop(): Promise<void>;
}

/** How it starts; see embedded-server.mjs. */
export interface EmbeddedServerOptions {
  readonly databaseDir?: string;
  readonly port?: number;
  readonly flags?: Readonly<Record<string, string>>;
  readonly urlVariable?: string;
}

export function makeServerFolder(): Promise<string>;
export function startPostgres(options?: EmbeddedServerOptions): Promise<EmbeddedServer>;
export function removeLeftovers(): Promise<void>;
