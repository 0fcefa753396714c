import type { AxiosAdapter, AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { withoutPrototype } from '../internal/without-prototype.js';
import type { ConnectionsRegistry } from './connections.registry.js';
import { Deadline } from './deadline.js';
import { wireHeaders } from './request-headers.js';
import { TransportFault } from './transport-fault.js';
import { Exchange, type WireRequest } from './undici.exchange.js';

/** A request config that carries its deadline; axios hands unknown keys on to the adapter. */
export interface OutboundConfig extends AxiosRequestConfig {
  deadline?: Deadline;
}

/** For requests that a host sends through the same HttpService without a deadline of their own. */
const DEFAULT_TIMEOUT_MS = 15_000;

function parseUrl(text: string | undefined): URL {
  let url: URL;
  try {
    url = new URL(text ?? '');
  } catch (cause) {
    throw new TransportFault('REQUEST_INVALID', 'the URL is not valid', { cause });
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new TransportFault(
    'TARGET_BLOCKED',
    `the scheme "${url.protocol.slice(0, -1)}" is neither http nor https`,
  );
}

function wireBody(data: unknown): Buffer | string | null {
  if (data === undefined || data === null) return null;
  if (Buffer.isBuffer(data) || typeof data === 'string') return data;
  throw new TransportFault('REQUEST_INVALID', 'the body is neither text nor a Buffer');
}

function wireRequest(config: AxiosRequestConfig, userAgent: string): WireRequest {
  const url = parseUrl(config.url);
  const method = (config.method ?? 'GET').toUpperCase();
  if (method === 'CONNECT') throw new TransportFault('REQUEST_INVALID', 'CONNECT is for proxies');
  return withoutPrototype({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: wireHeaders(Object.entries(config.headers ?? {}), userAgent),
    body: wireBody(config.data),
  });
}

/**
 * An axios adapter over undici's low-level client: no redirects, no decompression, no proxies from the environment,
 * at most the first 16 kB of a response. It resolves for every status and rejects with a `TransportFault` only.
 */
export function undiciAdapter(connections: ConnectionsRegistry, userAgent: string): AxiosAdapter {
  const exchange = (
    config: InternalAxiosRequestConfig & OutboundConfig,
    deadline: Deadline,
  ): Promise<AxiosResponse> =>
    new Promise((resolve, reject) => {
      if (deadline.expired) throw new TransportFault(deadline.code, deadline.explanation);
      const started = new Exchange(wireRequest(config, userAgent), deadline, {
        answered: ({ status, headers, body }) =>
          resolve({
            status,
            statusText: '',
            headers: headers as AxiosResponse['headers'],
            data: body,
            config,
          }),
        failed: reject,
      });
      connections.run(started);
    });

  return (config: InternalAxiosRequestConfig & OutboundConfig) => {
    if (config.deadline instanceof Deadline) return exchange(config, config.deadline);
    const deadline = new Deadline(config.timeout || DEFAULT_TIMEOUT_MS);
    return exchange(config, deadline).finally(() => deadline.clear());
  };
}
