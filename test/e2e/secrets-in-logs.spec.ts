import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { EventEmitterModule } from '@nestjs/event-emitter';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { SubscriptionInput } from 'nestjs-webhooks';
import {
  DeliveriesService,
  EventCatalog,
  SecretsService,
  SubscriptionsService,
  WebhooksService,
} from 'nestjs-webhooks';
import { WebhooksTelemetryModule } from 'nestjs-webhooks/telemetry';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCanceled, OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const KEY = randomBytes(32).toString('base64');
const OTHER_KEY = randomBytes(32).toString('base64');
const OWN_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const SECRETS = {
  header: 'h34der-0f-the-office',
  password: 'p4ssw0rd of the office',
  bearer: 'b34rer.0f.the-office',
  template: 't3mplate-0f/the+office',
  url: 'u51-0f-the-office',
};

/** Console and logger: everything that is written while `work` runs. */
async function written(work: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write.bind(stream));
  for (const stream of streams) stream.write = (chunk: unknown) => lines.push(String(chunk)) > 0;
  try {
    await work();
  } finally {
    streams.forEach((stream, index) => (stream.write = originals[index]!));
  }
  return lines.join('');
}

describeDatabases('what is logged, thrown and told', (database) => {
  const stage = useStage(database);
  const thrown: unknown[] = [];
  let nobody: WebhookReceiver;
  let spans: InMemorySpanExporter;

  beforeEach(async () => {
    nobody = await WebhookReceiver.start();
    await nobody.close();
  });

  async function attempt(work: Promise<unknown>): Promise<void> {
    thrown.push(await work.catch((error: unknown) => error));
  }

  function inputs(): Record<string, SubscriptionInput> {
    const url = stage.receiver.url('/other');
    return {
      header: { url: stage.receiver.url('/header'), headers: { Authorization: `Bearer ${SECRETS.header}` } },
      basic: {
        url: stage.receiver.url('/password'),
        authentication: { type: 'basic', username: 'u', password: SECRETS.password },
      },
      bearer: {
        url: stage.receiver.url('/bearer'),
        authentication: { type: 'bearer', token: SECRETS.bearer },
      },
      token: { url: stage.receiver.url(`/url?token=${SECRETS.url}`), secret: OWN_SECRET },
      template: {
        event_types: ['OrderCreated'],
        http_request: {
          url: `${url}/{{ secrets.A }}`,
          header: { 'X-A': '{{ secrets.A }}' },
          json_body: { a: '{{ secrets.A }}', b: '{{ secrets.A | date: "%Y" }}' },
        },
        template_secrets: { A: SECRETS.template },
      },
      unreachable: { url: nobody.url(`/x?key=${SECRETS.url}`), headers: { Cookie: SECRETS.header } },
    };
  }

  async function badInputs(host: Host, id: string): Promise<void> {
    const { subscriptions } = host;
    const url = 'https://elsewhere.example/';
    for (const bad of [
      { url: `http://user:${SECRETS.password}@127.0.0.1/` },
      { url: `ftp://x/?token=${SECRETS.url}` },
      { url: `https://[x]/?token=${SECRETS.url}` },
      { url, headers: { Authorization: `${SECRETS.header}\r\nX: y` } },
      { url, secret: SECRETS.password },
      { url, authentication: { type: 'bearer', token: `Bearer ${SECRETS.bearer}` } as const },
      {
        url,
        authentication: { type: 'header', name: SECRETS.header, value: `${SECRETS.bearer}\n` } as const,
      },
      { url, template_secrets: { A: `${SECRETS.template}\u{d800}` } },
      { http_request: { url, header: { Token: `{{ ${SECRETS.header}` } } },
    ])
      await attempt(subscriptions.create(bad));
    await attempt(subscriptions.update(id, { url }));
    await attempt(host.get(SecretsService).rotate(id, { secret: SECRETS.password }));
  }

  async function wholeLife(): Promise<Host[]> {
    spans = new InMemorySpanExporter();
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
    const telemetry = WebhooksTelemetryModule.forRoot({ tracerProvider, propagate: true });
    const imports = [EventEmitterModule.forRoot(), telemetry];
    const host = await stage.host({ imports, webhooks: { secrets: { current: KEY } } });
    const created = [];
    for (const input of Object.values(inputs())) created.push(await stage.subscribe(host, input));
    await badInputs(host, created[0]!.id);
    for (const event of [OrderCreated.of('A'), OrderCanceled.of('A')]) await host.webhooks.publish(event);
    for (const ms of [0, 7_000, 400_000, 2_400_000, 9_000_000]) {
      host.clock.advance(ms);
      await host.webhooks.drain();
    }
    for (const { id, secret } of created) {
      const { secret: rotated } = await host.get(SecretsService).rotate(id, { overlap: 0 });
      thrown.push(await host.subscriptions.get(id), ...(secret === rotated ? ['not rotated'] : []));
      await host.subscriptions.disable(id, 'leaked');
    }
    await attempt(host.get(DeliveriesService).get('dlv_unknown'));
    const lost = await stage.host({ webhooks: { secrets: { current: OTHER_KEY } } });
    await lost.webhooks.publish(OrderCreated.of('B'));
    await lost.webhooks.drain();
    thrown.push(await lost.subscriptions.list(), await lost.get(SecretsService).reencrypt());
    return [host, lost];
  }

  it('holds none of the secrets in use', async () => {
    stage.receiver.answer(
      '*',
      500,
      { status: 400, body: `no ${SECRETS.template}` },
      { kind: 'garbage' },
      503,
    );
    for (const [name, secret] of Object.entries(SECRETS))
      stage.receiver.answer(
        `/${name}`,
        500,
        { status: 400, body: `You sent ${secret}!` },
        { kind: 'garbage' },
        503,
      );
    let hosts: Host[] = [];
    const output = await written(async () => void (hosts = await wholeLife()));

    const services = [DeliveriesService, EventCatalog, SecretsService, SubscriptionsService, WebhooksService];
    const { dataSource } = hosts[0]!;
    const rows = [
      await dataSource.query('SELECT * FROM webhooks_attempts'),
      await dataSource.query('SELECT * FROM webhooks_subscription_changes'),
    ];
    const logged = hosts.flatMap(({ logger }) => logger.lines).join('\n');
    const traced = spans
      .getFinishedSpans()
      .map(({ name, attributes, status }) => ({ name, attributes, status }));
    expect(traced.length).toBeGreaterThan(10);
    expect(logged).toContain('An attempt failed');
    for (const answer of ['You sent', 'order_id']) expect(logged).not.toContain(answer);
    const heap = [
      output,
      ...hosts.flatMap(({ logger }) => [...logger.lines, ...logger.details]),
      ...thrown.flatMap((each) => [inspect(each, { depth: 12, showHidden: true }), String(each)]),
      JSON.stringify([thrown, rows, traced]),
      ...services.map((service) => inspect(hosts[0]!.get(service as typeof EventCatalog), { depth: 6 })),
    ].join('\n');
    expect(heap.length).toBeGreaterThan(10_000);
    expect(heap).toContain('You sent ********!');
    const secrets = [...Object.values(SECRETS), KEY, OTHER_KEY, OWN_SECRET.slice(6)];
    for (const secret of secrets) {
      const forms = [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      ];
      for (const form of forms)
        expect({ secret, isThere: heap.includes(form) }).toEqual({ secret, isThere: false });
    }
    for (const key of [KEY, OTHER_KEY]) expect(heap).not.toContain(inspect(Buffer.from(key, 'base64')));
    expect(heap).not.toMatch(/whsec_[A-Za-z0-9+/]{8}/);
  });
});
