import { HttpService } from '@nestjs/axios';
import type { AxiosResponse } from 'axios';
import { ConnectionsRegistry } from './connections.registry.js';
import { Deadline } from './deadline.js';
import { EgressGuard } from './egress-guard.js';
import { NEVER_CANCELLED, outboundAxios } from './outbound-axios.factory.js';
import { PinnedConnector } from './pinned-connector.js';
import type { ResolveAll } from './pinned-lookup.js';
import { validText } from './response-capture.js';
import { keptHeaders } from './response-headers.js';
import { TransportFault } from './transport-fault.js';
import { type OutboundConfig, undiciAdapter } from './undici.adapter.js';
import { type OutboundRequest, type TransportResult, WebhookTransport } from './webhook.transport.js';

/** How webhooks leave the process. */
export interface HttpWebhookTransportOptions {
  /** Where they may lead; shared with whoever replaces its rules. @default the public internet, and `allow` */
  readonly guard?: EgressGuard | undefined;
  /** Addresses, CIDR ranges and host names allowed although they are not public; without a `guard`. @default [] */
  readonly allow?: readonly string[] | undefined;
  /** Sent where the subscription sets none of its own. @default 'nestjs-webhooks' */
  readonly userAgent?: string | undefined;
  /** PEM certificates to trust instead of the well-known ones. @default those of Node.js */
  readonly ca?: string | readonly string[] | undefined;
  /** Milliseconds for DNS, TCP and TLS of one connection; the request's own deadline still holds. @default 10000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds until a name without an answer is given up. @default 5000 */
  readonly dnsTimeoutMs?: number | undefined;
  /** Milliseconds an idle connection stays open. @default 15000 */
  readonly keepAliveMs?: number | undefined;
  /** Connections to one origin at a time; further requests wait. @default 64 */
  readonly connectionsPerOrigin?: number | undefined;
  /** Origins whose connections are kept; the idle one unused for longest goes first. @default 512 */
  readonly maxOrigins?: number | undefined;
  /** Resolves names instead of `node:dns`; all answers are judged all the same. @default dns.lookup */
  readonly resolve?: ResolveAll | undefined;
}

function connectionsOf(guard: EgressGuard, options: HttpWebhookTransportOptions): ConnectionsRegistry {
  const { dnsTimeoutMs = 5_000, connectTimeoutMs = 10_000, ca, resolve } = options;
  const { keepAliveMs = 15_000, connectionsPerOrigin = 64, maxOrigins = 512 } = options;
  const connector = new PinnedConnector({ guard, dnsTimeoutMs, connectTimeoutMs, ca, resolve });
  return new ConnectionsRegistry({ connector, keepAliveMs, connectionsPerOrigin, maxOrigins });
}

function succeeded(response: AxiosResponse<unknown>, durationMs: number): TransportResult {
  const { data } = response;
  const body = Buffer.isBuffer(data) ? data : Buffer.from(typeof data === 'string' ? data : '');
  return {
    status: response.status,
    error: null,
    detail: null,
    headers: keptHeaders(response.headers),
    body: validText(body),
    durationMs,
  };
}

function failed(error: unknown, durationMs: number): TransportResult {
  const known = error instanceof TransportFault;
  return {
    status: null,
    error: known ? error.code : 'REQUEST_INVALID',
    detail: known ? error.message : `an interceptor failed: ${String(error)}`,
    headers: {},
    body: '',
    durationMs,
  };
}

/**
 * Sends webhooks through the HttpService of @nestjs/axios, over connections of its own that lead to public addresses
 * only. Every outcome is a value; no axios error leaves it.
 *
 * @example
 * const transport = new HttpWebhookTransport({ allow: ['127.0.0.0/8'] });
 * transport.httpService.axiosRef.interceptors.request.use(addTraceHeader);
 */
export class HttpWebhookTransport extends WebhookTransport {
  /** Every webhook goes through it: a host may add interceptors, which see all but cannot prolong the deadline. */
  readonly httpService: HttpService;
  readonly #guard: EgressGuard;
  readonly #connections: ConnectionsRegistry;

  constructor(options: HttpWebhookTransportOptions = {}) {
    super();
    this.#guard = options.guard ?? new EgressGuard({ allow: options.allow ?? [] });
    this.#connections = connectionsOf(this.#guard, options);
    this.#guard.onReplaced(() => this.#connections.renew());
    const adapter = undiciAdapter(this.#connections, options.userAgent ?? 'nestjs-webhooks');
    this.httpService = new HttpService(outboundAxios(adapter));
  }

  /** The early check of a URL that somebody wants to save. Returns why it is refused, or null. */
  checkTarget(url: string): string | null {
    return this.#guard.checkUrl(url);
  }

  send(request: OutboundRequest): Promise<TransportResult> {
    const startedAt = performance.now();
    const deadline = new Deadline(request.timeoutMs);
    const config: OutboundConfig = {
      method: request.method,
      url: request.url,
      headers: request.headers as Record<string, string>,
      data: request.body,
      cancelToken: NEVER_CANCELLED,
      deadline,
    };
    return new Promise((resolve) => {
      const settle = <T>(outcome: (what: T, durationMs: number) => TransportResult, what: T): void => {
        deadline.clear();
        resolve(outcome(what, Math.round(performance.now() - startedAt)));
      };
      // Also here, not only in the exchange: an interceptor that never returns must not keep the attempt open.
      deadline.onExpiry(() => settle(failed, new TransportFault(deadline.code, deadline.explanation)));
      this.httpService.request<unknown>(config).subscribe({
        next: (response) => settle(succeeded, response),
        error: (error: unknown) => settle(failed, error),
      });
    });
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }
}
