import type { EventType } from '../catalog/event-type.js';
import { FilterRejectedError } from '../errors/filter-rejected-error.js';
import { TemplateError } from '../errors/template-error.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import type { Clock } from '../internal/clock.js';
import { sign } from '../signing/sign.js';
import { maskedHeaders } from '../subscriptions/secret-headers.js';
import type { RequestFit } from '../subscriptions/content/request-fit.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { RenderedTarget } from '../templates/request-template.js';
import type { OutboundRequest, TransportResult, WebhookTransport } from '../transport/webhook.transport.js';
import type { Attempt, Delivery, Settlement } from './delivery.js';
import { dataOf, envelopeOf } from './event-data.js';
import { isLiteralTarget } from './literal-target.js';
import { outcomeOf } from './outcome.js';
import type { RetrySchedule } from './retry-schedule.js';

/** Looks an event type up by name. */
export interface EventTypes {
  get(name: string): EventType;
}

/** How the attempter sends. */
export interface AttemptSettings {
  readonly timeout: number;
  readonly userAgent: string;
}

/** What the attempter works with. */
export interface AttemptParts {
  readonly eventTypes: EventTypes;
  readonly transport: WebhookTransport;
  readonly schedule: RetrySchedule;
  readonly clock: Clock;
}

interface Rendered {
  readonly target: RenderedTarget;
  readonly body: string | null;
  /** What to keep for the next attempt; null for the standard envelope. */
  readonly ownBody: string | null;
}

const NO_DATA = Object.freeze({});

/** Stands where a body will be: attempts were made, and none came so far as to have one. */
const NOT_RENDERED = '';

/** Makes one attempt: render, sign, send, judge. Never rejects for what a subscriber or his endpoint does. */
export class Attempter {
  constructor(
    private readonly parts: AttemptParts,
    private readonly settings: AttemptSettings,
  ) {}

  async attempt(delivery: Delivery, subscription: Subscription): Promise<Settlement> {
    const startedAt = this.parts.clock.now();
    const rendered = this.render(delivery, subscription);
    if (rendered instanceof WebhooksError) return this.unsendable(delivery, rendered, startedAt);
    const request = this.sign(delivery, subscription, rendered, startedAt);
    const result = await this.parts.transport.send(request);
    return this.judge(delivery, rendered, request, { result, startedAt });
  }

  private render(delivery: Delivery, subscription: Subscription): Rendered | WebhooksError {
    try {
      const fit = subscription.fitFor(this.parts.eventTypes.get(delivery.event.type));
      if (isFirst(delivery)) checkFilter(delivery, subscription);
      const literal = isLiteralTarget(subscription.httpRequest);
      const target = fit.template.renderTarget(literal ? NO_DATA : dataOf(delivery.event));
      return { target, ...bodyOf(delivery, fit, target) };
    } catch (error) {
      if (error instanceof WebhooksError) return error;
      throw error;
    }
  }

  private sign(
    delivery: Delivery,
    subscription: Subscription,
    rendered: Rendered,
    nowMs: number,
  ): OutboundRequest {
    const { target } = rendered;
    const body = rendered.body === null ? null : Buffer.from(rendered.body);
    const id = delivery.event.id;
    const seconds = Math.floor(nowMs / 1000);
    const headers: Record<string, string> = { 'user-agent': this.settings.userAgent };
    if (body !== null) headers['content-type'] = 'application/json';
    for (const name of Object.keys(target.headers)) headers[name.toLowerCase()] = target.headers[name]!;
    headers['webhook-id'] = id;
    headers['webhook-timestamp'] = String(seconds);
    headers['webhook-signature'] = sign(id, seconds, body ?? '', subscription.signingKeys(nowMs));
    headers['webhook-attempt'] = String(delivery.attempts + 1);
    return { method: target.method, url: target.url, headers, body, timeoutMs: this.settings.timeout };
  }

  private judge(
    delivery: Delivery,
    rendered: Rendered,
    request: OutboundRequest,
    { result, startedAt }: { result: TransportResult; startedAt: number },
  ): Settlement {
    const number = delivery.attempts + 1;
    const outcome = outcomeOf(result, number, this.parts.schedule);
    const attempt: Attempt = {
      number,
      startedAt,
      durationMs: result.durationMs,
      status: result.status,
      error: outcome.error,
      detail: result.detail,
      request: requestRecord(request),
      responseHeaders: result.status === null ? null : JSON.stringify(result.headers),
      responseBody: result.status === null ? null : result.body,
    };
    const { state, retryInMs } = outcome;
    return { delivery, state, retryInMs, attempt, body: rendered.ownBody };
  }

  // What a template cannot render today it cannot render tomorrow. Anything else is this process's want, of a key or of
  // an event class that a newer release has: it may be had at the next attempt, or by another process.
  private unsendable(delivery: Delivery, error: WebhooksError, startedAt: number): Settlement {
    const number = delivery.attempts + 1;
    const isFinal = error instanceof TemplateError || error instanceof FilterRejectedError;
    const retryInMs = isFinal ? null : this.parts.schedule.waitAfter(number);
    const attempt: Attempt = {
      number,
      startedAt,
      durationMs: 0,
      status: null,
      error: error.code,
      detail: error.message,
      request: '{}',
      responseHeaders: null,
      responseBody: null,
    };
    const final = error instanceof FilterRejectedError ? 'canceled' : 'failed';
    const state = isFinal ? final : retryInMs === null ? 'exhausted' : 'pending';
    return { delivery, state, retryInMs, attempt, body: number === 1 ? NOT_RENDERED : delivery.body };
  }
}

function isFirst({ attempts, body }: Delivery): boolean {
  return attempts === 0 || body === NOT_RENDERED;
}

// Once more after the fan-out: it may be long ago, and was perhaps the work of a process that could not judge the event.
function checkFilter({ event }: Delivery, subscription: Subscription): void {
  if (subscription.filter === null || subscription.accepts(event.type, dataOf(event))) return;
  throw new FilterRejectedError();
}

// The body is frozen at the first attempt: every later one sends the same bytes, whatever became of the template.
function bodyOf(
  delivery: Delivery,
  fit: RequestFit,
  target: RenderedTarget,
): Pick<Rendered, 'body' | 'ownBody'> {
  const first = isFirst(delivery);
  if (delivery.body !== null && !first) return { body: delivery.body, ownBody: delivery.body };
  const bodiless = target.method === 'GET' || target.method === 'DELETE';
  if (fit.isStandard || (!first && !bodiless)) {
    return { body: envelopeOf(delivery.event), ownBody: null };
  }
  const body = fit.renderBody(dataOf(delivery.event));
  return { body, ownBody: body };
}

function requestRecord({ method, url, headers }: OutboundRequest): string {
  return JSON.stringify({ method, url, headers: maskedHeaders(headers) });
}
