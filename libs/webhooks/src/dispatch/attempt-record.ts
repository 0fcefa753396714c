import { authenticationHeader } from '../subscriptions/authentication.js';
import { MASK } from '../subscriptions/mask.js';
import { maskedHeaders } from '../subscriptions/secret-headers.js';
import { maskedUrl } from '../subscriptions/secret-url.js';
import type { ShownTarget } from '../subscriptions/shown-target.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { RenderedTarget } from '../templates/request-template.js';
import type { OutboundRequest, TransportResult } from '../transport/webhook.transport.js';
import type { Attempt } from './delivery.js';

/** Where a request goes. */
export interface Targets {
  readonly target: RenderedTarget;
  /** The same for the record. */
  readonly shown: ShownTarget;
}

/** What is kept of the exchange itself. */
export type AttemptRecord = Pick<Attempt, 'detail' | 'request' | 'responseHeaders' | 'responseBody'>;

type Headers = Readonly<Record<string, string>>;

/** What is kept of an exchange, without secrets: a receiver may answer with what it was sent in confidence. */
export function recordOf(
  request: OutboundRequest,
  { status, detail, headers, body }: TransportResult,
  targets: Targets,
  subscription: Subscription,
): AttemptRecord {
  const redaction = subscription.redaction.also(computedHeaders(targets));
  return {
    detail: detail && redaction.of(detail),
    request: requestRecord(request, targets, subscription),
    responseHeaders: status === null ? null : JSON.stringify(redaction.ofAll(headers)),
    responseBody: status === null ? null : redaction.of(body),
  };
}

/** What is kept of a request. */
export function requestRecord(
  { method, headers }: OutboundRequest,
  { shown, target }: Targets,
  { authentication }: Subscription,
): string {
  const recorded = shown === target ? headers : assignLowerCased({ ...headers }, shown.headers);
  const masked = maskedHeaders(recorded);
  if (authentication) masked[authenticationHeader(authentication)[0]] = MASK;
  return JSON.stringify({ method, url: maskedUrl(shown.url), headers: masked });
}

/** Adds headers, their names in lower case. */
export function assignLowerCased(headers: Record<string, string>, more: Headers): Record<string, string> {
  for (const name of Object.keys(more)) headers[name.toLowerCase()] = more[name]!;
  return headers;
}

// What differs with masks in the place of secrets was made with them: the base64 of a login, say.
function computedHeaders({ shown, target }: Targets): readonly string[] {
  if (shown === target) return [];
  return Object.entries(target.headers).flatMap(([name, value]) =>
    shown.headers[name] === value ? [] : value,
  );
}
