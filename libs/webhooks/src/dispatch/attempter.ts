import type { EventType } from '../catalog/event-type.js';
import { EventExpungedError } from '../errors/event-expunged-error.js';
import { EventUnreadableError } from '../errors/event-unreadable-error.js';
import { FilterRejectedError } from '../errors/filter-rejected-error.js';
import { TemplateError } from '../errors/template-error.js';
import { WebhooksError } from '../errors/webhooks-error.js';
import type { Clock } from '../internal/clock.js';
import { sign } from '../signing/sign.js';
import { authenticationHeader } from '../subscriptions/authentication.js';
import { shownTarget } from '../subscriptions/shown-target.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { TimeBudget } from '../templates/time-limit.js';
import type { OutboundRequest, TransportResult, WebhookTransport } from '../transport/webhook.transport.js';
import {
  assignLowerCased,
  recordOf,
  requestRecord,
  type AttemptRecord,
  type Targets,
} from './attempt-record.js';
import type { Attempt, Delivery } from './delivery.js';
import { NOT_RENDERED, type DeliveryBodies, type DeliveryBody } from './delivery-bodies.js';
import { dataOf } from './event-data.js';
import type { AttemptReport } from './health-monitor.js';
import type { Observation } from './observer.js';
import { isLiteralTarget } from './literal-target.js';
import { outcomeOf } from './outcome.js';
import { RetrySchedule } from './retry-schedule.js';

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
  readonly bodies: DeliveryBodies;
  readonly transport: WebhookTransport;
  readonly schedule: RetrySchedule;
  readonly clock: Clock;
  readonly observation: Observation;
}

interface Rendered extends Targets {
  readonly body: DeliveryBody;
}

/** A request that is not sent. */
export interface Rehearsal {
  /** As an attempt's record has it. */
  readonly request: Attempt['request'];
  /** Null sends none. */
  readonly body: string | null;
}

const NO_DATA = Object.freeze({});

/** Makes one attempt: render, sign, send, judge. Never rejects for what a subscriber or his endpoint does. */
export class Attempter {
  constructor(
    private readonly parts: AttemptParts,
    private readonly settings: AttemptSettings,
  ) {}

  attempt(delivery: Delivery, subscription: Subscription): Promise<AttemptReport> {
    const { observer } = this.parts.observation;
    if (!observer) return this.make(delivery, subscription);
    return observer.attempt(delivery, (headers) => this.make(delivery, subscription, headers));
  }

  private async make(
    delivery: Delivery,
    subscription: Subscription,
    more?: Readonly<Record<string, string>>,
  ): Promise<AttemptReport> {
    const startedAt = this.parts.clock.now();
    const rendered = this.render(delivery, subscription);
    const schedule = this.scheduleOf(subscription);
    if (rendered instanceof WebhooksError) return unsendable(delivery, rendered, { startedAt, schedule });
    const signed = this.sign(delivery, subscription, rendered, startedAt);
    const request = more ? { ...signed, headers: { ...more, ...signed.headers } } : signed;
    const result = await this.parts.transport.send(request);
    const record = recordOf(request, result, rendered, subscription);
    return this.judge(delivery, rendered, record, { result, startedAt, schedule });
  }

  /** What the next attempt would send: its request as it would be recorded, and its body in clear. Nothing is sent. */
  rehearse(delivery: Delivery, subscription: Subscription): Rehearsal | WebhooksError {
    const rendered = this.render(delivery, subscription);
    if (rendered instanceof WebhooksError) return rendered;
    const request = this.sign(delivery, subscription, rendered, this.parts.clock.now());
    return { request: requestRecord(request, rendered, subscription), body: rendered.body.text };
  }

  private render(delivery: Delivery, subscription: Subscription): Rendered | WebhooksError {
    try {
      const fit = subscription.fitFor(this.parts.eventTypes.get(delivery.event.type));
      if (isFirst(delivery) && !delivery.event.isTest) checkFilter(delivery, subscription);
      const data = isLiteralTarget(subscription.httpRequest) ? NO_DATA : dataOf(delivery.event);
      const budget = new TimeBudget();
      const target = fit.template.renderTarget(data, { secrets: subscription.templateSecrets, budget });
      const body = this.parts.bodies.of(delivery, { subscription, fit, target, budget });
      return { target, shown: shownTarget(fit.template, data, { target, budget }), body };
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
    const { target, body: own } = rendered;
    const body = own.text === null ? null : Buffer.from(own.text);
    const id = delivery.event.id;
    const seconds = Math.floor(nowMs / 1000);
    const headers: Record<string, string> = { 'user-agent': this.settings.userAgent };
    if (body !== null) headers['content-type'] = own.contentType;
    assignLowerCased(headers, target.headers);
    const login = subscription.authentication && authenticationHeader(subscription.authentication);
    if (login) headers[login[0]] = login[1];
    headers['webhook-id'] = id;
    headers['webhook-timestamp'] = String(seconds);
    headers['webhook-signature'] = sign(id, seconds, body ?? '', subscription.signingKeys(nowMs));
    headers['webhook-attempt'] = String(delivery.attempts + 1);
    if (delivery.event.isTest) headers['webhook-test'] = 'true';
    return { method: target.method, url: target.url, headers, body, timeoutMs: this.settings.timeout };
  }

  private scheduleOf({ limits }: Subscription): RetrySchedule {
    const own = limits.retry_schedule;
    return own ? new RetrySchedule(own.map((seconds) => seconds * 1_000)) : this.parts.schedule;
  }

  private judge(
    delivery: Delivery,
    rendered: Rendered,
    record: AttemptRecord,
    { result, startedAt, schedule }: { result: TransportResult; startedAt: number; schedule: RetrySchedule },
  ): AttemptReport {
    const number = delivery.attempts + 1;
    const outcome = outcomeOf(result, delivery, schedule, this.parts.clock.now());
    const { state, retryInMs, step, error, gone, backOffMs } = outcome;
    const attempt: Attempt = {
      number,
      startedAt,
      durationMs: result.durationMs,
      status: result.status,
      error,
      ...record,
    };
    const settlement = { delivery, state, retryInMs, step, attempt, body: rendered.body.stored };
    return { settlement, attempt, gone, backOffMs };
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

function finalState(error: WebhooksError): 'failed' | 'canceled' | null {
  if (error instanceof FilterRejectedError || error instanceof EventExpungedError) return 'canceled';
  return error instanceof TemplateError || error instanceof EventUnreadableError ? 'failed' : null;
}

// What a template cannot render today it cannot render tomorrow, nor what nobody can read. Anything else is this process's want, of a key or of
// an event class that a newer release has: it may be had at the next attempt, or by another process.
function unsendable(
  delivery: Delivery,
  error: WebhooksError,
  { startedAt, schedule }: { startedAt: number; schedule: RetrySchedule },
): AttemptReport {
  const final = finalState(error);
  const step = delivery.step + 1;
  const retryInMs = final === null ? schedule.waitAfter(step) : null;
  const attempt: Attempt = {
    number: delivery.attempts + 1,
    startedAt,
    durationMs: 0,
    status: null,
    error: error.code,
    detail: error.message,
    request: '{}',
    responseHeaders: null,
    responseBody: null,
  };
  const state = final ?? (retryInMs === null ? 'exhausted' : 'pending');
  const body = delivery.attempts === 0 ? NOT_RENDERED : delivery.body;
  const settlement = { delivery, state, retryInMs, step, attempt, body } as const;
  return { settlement, attempt, gone: false, backOffMs: null };
}
