import type { DynamicModule } from '@nestjs/common';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { WebhooksTelemetryModule } from 'nestjs-webhooks/telemetry';
import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

describeDatabases('the traces of attempts', (database) => {
  const stage = useStage(database);
  let exporter: InMemorySpanExporter;
  let provider: BasicTracerProvider;

  beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());
  beforeEach(() => {
    exporter = new InMemorySpanExporter();
    provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  });

  const telemetry = (propagate?: boolean): DynamicModule =>
    WebhooksTelemetryModule.forRoot({
      tracerProvider: provider,
      ...(propagate !== undefined && { propagate }),
    });

  /** Runs work in a span of the application; gives that span's context. */
  async function inSpan(work: () => Promise<unknown>): Promise<{ traceId: string; spanId: string }> {
    return provider.getTracer('shop').startActiveSpan('book', async (span) => {
      await work();
      span.end();
      return span.spanContext();
    });
  }

  const sent = (): ReadableSpan[] =>
    exporter
      .getFinishedSpans()
      .filter(({ instrumentationScope }) => instrumentationScope.name === 'nestjs-webhooks');

  it('have one span each, linked to where the event was published', async () => {
    const host = await stage.host({ imports: [telemetry()] });
    stage.receiver.answer('/hook', 503, 204);
    const { id } = await stage.subscribe(host);
    let eventId = '';
    const published = await inSpan(async () => {
      await host.webhooks.transaction(async (manager) => {
        ({ id: eventId } = await host.webhooks.publish(OrderCreated.of('A'), { manager }));
      });
    });
    await host.webhooks.drain();
    host.clock.advance(7_000);
    await host.webhooks.drain();

    const [first, second] = sent();
    expect(sent()).toHaveLength(2);
    for (const span of [first!, second!]) {
      expect(span.name).toBe('send OrderCreated');
      expect(span.kind).toBe(SpanKind.CLIENT);
      expect(span.parentSpanContext).toBeUndefined();
      expect(span.spanContext().traceId).not.toBe(published.traceId);
      expect(span.links.map((link) => link.context)).toMatchObject([
        { traceId: published.traceId, spanId: published.spanId, isRemote: true },
      ]);
      expect(span.attributes).toMatchObject({
        'messaging.system': 'webhooks',
        'messaging.operation.type': 'send',
        'messaging.message.id': eventId,
        'webhooks.subscription.id': id,
        'webhooks.event.type': 'OrderCreated',
      });
      expect(JSON.stringify(span.attributes)).not.toContain(stage.receiver.url('/'));
    }
    expect(first!.attributes).toMatchObject({
      'webhooks.attempt.number': 1,
      'http.response.status_code': 503,
      'error.type': '503',
      'webhooks.delivery.state': 'pending',
    });
    expect(first!.status.code).toBe(SpanStatusCode.ERROR);
    expect(second!.attributes).toMatchObject({
      'webhooks.attempt.number': 2,
      'http.response.status_code': 204,
      'webhooks.delivery.state': 'succeeded',
    });
    expect(second!.status.code).toBe(SpanStatusCode.UNSET);
    expect(stage.receiver.requests.map(({ headers }) => headers['traceparent'])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('find the publisher after a restart, and in whichever process they are made', async () => {
    const publisher = await stage.host({ imports: [telemetry()], webhooks: { dispatch: false } });
    await stage.subscribe(publisher);
    const published = await inSpan(() =>
      Promise.all(['A', 'B'].map((order) => publisher.webhooks.publish(OrderCreated.of(order)))),
    );
    await publisher.close();
    const worker = await stage.host({ imports: [telemetry()] });
    await worker.webhooks.drain();

    const links = sent().map((span) => span.links.map((link) => link.context.spanId));
    expect(links).toEqual([[published.spanId], [published.spanId]]);
    expect(await worker.count('events', 'trace IS NOT NULL')).toBe(2);
  });

  it.each<[string, boolean]>([
    ['without telemetry', false],
    ['outside of any span', true],
  ])('leave nothing at an event that is published %s', async (_how, isOn) => {
    const host = await stage.host({ imports: isOn ? [telemetry()] : [] });
    await stage.subscribe(host);
    const publish = (): Promise<unknown> => host.webhooks.publish(OrderCreated.of('A'));
    await (isOn ? publish() : inSpan(publish));
    await host.webhooks.drain();
    expect(await host.count('events', 'trace IS NULL')).toBe(1);
    expect(sent().map(({ links }) => links)).toEqual(isOn ? [[]] : []);
    expect(stage.receiver.requests).toHaveLength(1);
  });

  it('tell the receiver, when asked to, who sends; a header of the subscription’s own stays', async () => {
    const host = await stage.host({ imports: [telemetry(true)] });
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await stage.subscribe(host);
    await stage.subscribe(host, { url: stage.receiver.url('/own'), headers: { Traceparent: own } });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    const [request] = stage.receiver.requestsTo('/hook');
    const known = sent().map((span) => span.spanContext());
    const said = known.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
    expect(said).toContain(request!.headers['traceparent']);
    expect(stage.receiver.requestsTo('/own')[0]!.headers['traceparent']).toBe(own);
  });

  it('are there for what cannot be sent, too', async () => {
    const host = await stage.host({ imports: [telemetry()] });
    await stage.subscribe(host);
    stage.receiver.answer('/hook', { kind: 'reset' });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    const [span] = sent();
    expect(span!.attributes).toMatchObject({ 'error.type': 'CONNECTION_RESET' });
    expect(span!.attributes).not.toHaveProperty(['http.response.status_code']);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('that cannot be handed over cost no delivery its record, and nobody a second request', async () => {
    const broken = (): never => {
      throw new Error('exporter is broken');
    };
    const processor = {
      onStart: () => undefined,
      onEnd: broken,
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    provider = new BasicTracerProvider({ spanProcessors: [processor] });
    const host = await stage.host({ imports: [telemetry()] });
    await stage.subscribe(host);
    for (const order of ['A', 'B']) await host.webhooks.publish(OrderCreated.of(order));
    await host.webhooks.drain();
    host.clock.advance(600_000);

    expect(await stage.arrivedOrders(host)).toEqual(['A', 'B']);
    expect(await host.count('deliveries', `state = 'succeeded' AND attempts = 1`)).toBe(2);
    expect(host.logger.of('error')).toEqual([expect.stringContaining('An observer failed')]);
  });
});
