import { DeliveriesService, TrialsService } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCanceled, OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';
import { MetricsModule } from './prometheus.example.js';

describeDatabases('the metrics that Prometheus scrapes', (database) => {
  const stage = useStage(database);
  let statements: string[];
  let url: string;

  async function start(): Promise<Host> {
    statements = [];
    const host = await stage.host({
      imports: [MetricsModule.forRoot()],
      onStatement: (sql) => statements.push(sql),
    });
    url = `${await host.listen()}/metrics`;
    return host;
  }

  /** The values of a metric by their labels, without those of the library itself. */
  async function scrape(name: string): Promise<Record<string, number>> {
    const text = await (await fetch(url)).text();
    const found = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return Object.fromEntries(
      found.map((line) => {
        const [, labels, value] = /^[^{ ]+(?:\{(.*)\})? ([^ ]+)/.exec(line)!;
        const own = (labels ?? '').split(',').filter((label) => !label.startsWith('otel_scope'));
        return [own.join(), Number(value)];
      }),
    );
  }

  it('count events, attempts by what came of them, and deliveries by their end', async () => {
    const host = await start();
    stage.receiver.answer('/hook', 500, 404, 204);
    stage.receiver.answer('/reset', { kind: 'reset' });
    await stage.subscribe(host, { event_types: ['OrderCreated'], limits: { retry_schedule: [1, 1] } });
    await stage.subscribe(host, {
      event_types: ['OrderCanceled'],
      url: stage.receiver.url('/reset'),
      limits: { retry_schedule: [1] },
    });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.transaction(async (manager) => {
      await host.webhooks.publish(OrderCanceled.of('A'), { manager });
    });
    await expect(
      host.webhooks.transaction(async (manager) => {
        await host.webhooks.publish(OrderCanceled.of('B'), { manager });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    for (const ms of [0, 2_000, 2_000]) {
      host.clock.advance(ms);
      await host.webhooks.drain();
    }

    expect(await scrape('webhooks_events_published_total')).toEqual({
      'webhooks_event_type="OrderCreated"': 1,
      'webhooks_event_type="OrderCanceled"': 1,
    });
    const outcomes = {
      'webhooks_outcome="5xx"': 1,
      'webhooks_outcome="4xx"': 1,
      'webhooks_outcome="success"': 1,
      'webhooks_outcome="CONNECTION_RESET"': 2,
    };
    expect(await scrape('webhooks_attempts_total')).toEqual(outcomes);
    expect(await scrape('webhooks_attempt_duration_count')).toEqual(outcomes);
    expect(await scrape('webhooks_delivery_delay_count')).toEqual({ '': 2 });
    expect(await scrape('webhooks_deliveries_total')).toEqual({
      'webhooks_delivery_state="succeeded",webhooks_event_type="OrderCreated"': 1,
      'webhooks_delivery_state="exhausted",webhooks_event_type="OrderCanceled"': 1,
    });
  });

  it('say what is left to do, asking the database once in five seconds, and only when asked', async () => {
    const host = await start();
    const hook = await stage.subscribe(host);
    const other = await stage.subscribe(host);
    await host.subscriptions.pause(other.id);
    await host.webhooks.stopDeliveries({ subscription: hook.id });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    const asked = (): number => statements.filter((sql) => sql.includes(`'overdue'`)).length;
    expect(asked()).toBe(0);

    expect(await scrape('webhooks_backlog_deliveries')).toEqual({
      'webhooks_delivery_state="pending"': 1,
      'webhooks_delivery_state="held"': 1,
      'webhooks_delivery_state="waiting"': 0,
    });
    expect(await scrape('webhooks_backlog_events')).toEqual({ '': 0 });
    expect(await scrape('webhooks_attempts_active')).toEqual({ '': 0 });
    expect(await scrape('webhooks_circuits_open')).toEqual({ '': 0 });
    expect(asked()).toBe(1);
    host.clock.advance(60_000);
    // Stopped by an operator: nobody is late with it.
    expect(await scrape('webhooks_backlog_overdue')).toEqual({ '': 0 });
    expect(asked()).toBe(2);
  });

  it('show how long what is due has been waiting, and whose circuit is open', async () => {
    const host = await start();
    const other = await stage.host({ webhooks: { dispatch: false } });
    stage.receiver.answer('/hook', 500);
    await stage.subscribe(host, { limits: { retry_schedule: Array<number>(20).fill(1) } });
    await host.webhooks.publish(OrderCreated.of('A'));
    for (let tries = 0; tries < 12; tries++) {
      await host.webhooks.drain();
      host.clock.advance(2_000);
    }
    expect(await scrape('webhooks_circuits_open')).toEqual({ '': 1 });
    expect(await scrape('webhooks_backlog_overdue')).toEqual({ '': 0 });

    await host.close();
    await other.webhooks.publish(OrderCreated.of('B'));
    const late = await stage.host({ webhooks: { dispatch: false }, imports: [MetricsModule.forRoot()] });
    url = `${await late.listen()}/metrics`;
    late.clock.advance(90_000);
    const [overdue] = Object.values(await scrape('webhooks_backlog_overdue'));
    expect(overdue).toBeGreaterThanOrEqual(90);
  });

  it('leave test sends out', async () => {
    const host = await start();
    const { id } = await stage.subscribe(host);
    await host.get(TrialsService).send(id, { event_type: 'OrderCreated' });
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(1);
    expect(await scrape('webhooks_attempts_total')).toEqual({});
    expect(await scrape('webhooks_deliveries_total')).toEqual({});
    expect(host.get(DeliveriesService)).toBeDefined();
  });

  it('name neither tenants nor addresses', async () => {
    const host = await start();
    const { id } = await stage.subscribe(host, { tenant: 'acme-4711' });
    await host.webhooks.publish(OrderCreated.of('A'), { tenant: 'acme-4711' });
    await host.webhooks.drain();
    const text = await (await fetch(url)).text();
    expect(text).toContain('webhooks_attempts_total');
    for (const secret of ['acme-4711', id, stage.receiver.url('/hook'), '127.0.0.1'])
      expect(text).not.toContain(secret);
  });
});
