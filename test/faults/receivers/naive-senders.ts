import { Agent } from 'node:http';
import axios from 'axios';
import type { OutboundRequest, TransportResult } from 'nestjs-webhooks';
import { WebhookTransport } from 'nestjs-webhooks';
import { request as undiciRequest } from 'undici';
import type { Host } from '../../support/host.js';

/** Sends a webhook in the way of a first draft. */
export type Send = (request: OutboundRequest) => Promise<TransportResult>;

function answered(status: number, headers: object, body: string): TransportResult {
  return {
    status,
    error: null,
    detail: null,
    headers: headers as Record<string, string>,
    body,
    durationMs: 0,
  };
}

function failed({ code, message }: Error & { code?: string }): TransportResult {
  const error =
    code === 'ECONNABORTED' ? 'TIMEOUT' : code === 'ECONNRESET' ? 'CONNECTION_RESET' : 'BAD_RESPONSE';
  return { status: null, error, detail: message, headers: {}, body: '', durationMs: 0 };
}

/** axios as it comes: redirects are followed, bodies unpacked and read to the end, and its timeout is no deadline. */
export function byAxios(): Send {
  const httpAgent = new Agent({ keepAlive: true });
  return async ({ method, url, headers, body, timeoutMs }) => {
    const config = { method, url, headers, data: body, timeout: timeoutMs, httpAgent };
    try {
      const response = await axios.request<string>({
        ...config,
        responseType: 'text',
        validateStatus: () => true,
      });
      return answered(response.status, response.headers, response.data);
    } catch (error) {
      return failed(error as Error);
    }
  };
}

/** undici as it comes. */
export function byUndici(): Send {
  return async ({ method, url, headers, body, timeoutMs }) => {
    try {
      const options = {
        method: method as 'POST',
        headers,
        body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      };
      const response = await undiciRequest(url, options);
      return answered(response.statusCode, response.headers, await response.body.text());
    } catch (error) {
      return failed(error as Error);
    }
  };
}

/** Puts such a sender in the place of a host's own transport. */
export function sendBy(host: Host, send: Send): void {
  host.get(WebhookTransport as never as new () => WebhookTransport).send = send;
}
