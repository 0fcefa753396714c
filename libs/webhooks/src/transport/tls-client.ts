import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { UNPOLLUTED } from './unpolluted.js';

/** Certificates to trust instead of the well-known ones. */
export type TrustedCertificates = string | readonly string[] | undefined;

const MAX_SESSIONS = 256;

/** Options by which the other side has to prove that it is `hostname`, whatever the environment says. */
export function identityOf(hostname: string, ca: TrustedCertificates): ConnectionOptions {
  const name = hostname.replace(/\.$/, '');
  return {
    rejectUnauthorized: true,
    ...(isIP(name) === 0 && { servername: name }),
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
  };
}

/** Begins TLS, and resumes the session of an earlier connection to the same name and port. */
export class TlsClient {
  readonly #sessions = new Map<string, Buffer>();

  constructor(private readonly ca: TrustedCertificates) {}

  /** @param way where to connect to, or a `socket` that stands already */
  connect({ hostname, port }: { hostname: string; port: string }, way: ConnectionOptions): TLSSocket {
    const key = `${hostname}:${port}`;
    const session = this.#sessions.get(key);
    return connect({
      ...UNPOLLUTED,
      host: hostname,
      ...way,
      ...identityOf(hostname, this.ca),
      ALPNProtocols: ['http/1.1'],
      ...(session !== undefined && { session }),
    }).on('session', (ticket: Buffer) => this.#remember(key, ticket));
  }

  #remember(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
  }
}
