import { OptionsInvalidError } from '../errors/options-invalid-error.js';
import type { EgressProxyOptions } from './egress-options.js';

const HEADER_VALUE = /^[\x20-\x7e]+$/;

function invalid(option: string, problem: string): OptionsInvalidError {
  return new OptionsInvalidError(`egress.proxy.${option}`, problem);
}

// The text itself must not appear in an error: it may hold a password.
function parse(url: unknown): URL {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.pathname + parsed.search === '/') {
    return parsed;
  }
  throw invalid('url', 'must be like http://proxy.example:3128 or https://proxy.example:3129');
}

function basic({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** The host's proxy. Prints as its address only. */
export class EgressProxy {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly ca: string | readonly string[] | undefined;
  /** The proxy resolves names and judges addresses. */
  readonly resolves: boolean;
  readonly #authorization: string | null;

  /** @throws OptionsInvalidError naming the option, never its value */
  constructor(options: EgressProxyOptions) {
    const url = parse(options.url);
    this.secure = url.protocol === 'https:';
    this.host = url.hostname.replace(/^\[|\]$/g, '');
    this.port = Number(url.port) || (this.secure ? 443 : 80);
    this.ca = options.ca;
    this.resolves = options.resolves ?? false;
    this.#authorization = options.authorization ?? basic(url);
    if (this.#authorization === null || HEADER_VALUE.test(this.#authorization)) return;
    throw invalid('authorization', 'holds characters that HTTP does not allow in a header');
  }

  /** The request that asks for a tunnel to `authority` (`address:port`). */
  connectRequest(authority: string): string {
    const lines = [`CONNECT ${authority} HTTP/1.1`, `host: ${authority}`];
    if (this.#authorization !== null) lines.push(`proxy-authorization: ${this.#authorization}`);
    return `${lines.join('\r\n')}\r\n\r\n`;
  }

  toString(): string {
    return `${this.secure ? 'https' : 'http'}://${this.host}:${this.port}`;
  }
}
