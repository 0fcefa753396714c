import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { Delivery } from '../src/dispatch/delivery.js';
import type { AttemptReport } from '../src/dispatch/health-monitor.js';
import type { MakeAttempt } from '../src/dispatch/observer.js';
import type { StoredEvent } from '../src/internal/event.js';
import { spanIdentityOf, traceParentOf } from './trace-parent.js';

/** A span for each attempt: of a trace of its own, days after the publishing perhaps, with a link to where that happened. */
export class AttemptTracer {
  constructor(
    private readonly tracer: Tracer,
    private readonly propagate: boolean,
  ) {}

  /** The span that is active, as text; null: there is none. */
  active(): string | null {
    const active = trace.getSpanContext(context.active());
    return active && isSpanContextValid(active) ? traceParentOf(active) : null;
  }

  async around(delivery: Delivery, make: MakeAttempt): Promise<AttemptReport> {
    const { event } = delivery;
    const attributes = attributesOf(delivery);
    const how = { kind: SpanKind.CLIENT, root: true, attributes, links: linksTo(event) };
    const span = this.tracer.startSpan(`send ${event.type}`, how);
    try {
      const inside = trace.setSpan(ROOT_CONTEXT, span);
      const report = await context.with(inside, () => make(this.headersOf(span)));
      conclude(span, report);
      return report;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  private headersOf(span: Span): { readonly traceparent: string } | undefined {
    const own = span.spanContext();
    return this.propagate && isSpanContextValid(own) ? { traceparent: traceParentOf(own) } : undefined;
  }
}

function attributesOf({ id, event, subscriptionId, attempts }: Delivery): Attributes {
  return {
    'messaging.system': 'webhooks',
    'messaging.operation.type': 'send',
    'messaging.operation.name': 'send',
    'messaging.message.id': event.id,
    'webhooks.event.type': event.type,
    'webhooks.delivery.id': id,
    'webhooks.subscription.id': subscriptionId,
    'webhooks.attempt.number': attempts + 1,
    ...(event.isTest && { 'webhooks.test': true }),
  };
}

function linksTo({ trace: traceParent }: StoredEvent): Link[] {
  const published = spanIdentityOf(traceParent);
  return published ? [{ context: { ...published, isRemote: true } }] : [];
}

function conclude(span: Span, { attempt, settlement }: AttemptReport): void {
  const { status, error } = attempt;
  span.setAttribute('webhooks.delivery.state', settlement.state);
  if (status !== null) span.setAttribute('http.response.status_code', status);
  if (error === null) return;
  span.setAttribute('error.type', status === null ? error : String(status));
  span.setStatus({ code: SpanStatusCode.ERROR, message: error });
}
