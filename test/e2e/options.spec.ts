import { WebhooksModule, verify } from 'nestjs-webhooks';
import type { DeliveryOptions, WebhooksModuleOptions } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { LOOPBACK, TEST_KEY } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

// Elsewhere: currentManager in publishing.spec; dataSource, database, schema, tablePrefix and dispatch in storage.spec;
// drainTimeout in shutdown.spec.

const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');
const SLOWLY = { status: 204, delayMs: 40 };

const publishMany = async (host: Host, count: number): Promise<string[]> => {
  const ids = Array.from({ length: count }, (_, n) => `A${String(n).padStart(2, '0')}`);
  await Promise.all(ids.map((id) => host.webhooks.publish(OrderCreated.of(id))));
  return ids;
};

describeDatabases('the delivery option', (database) => {
  const stage = useStage(database);

  const start = async (delivery: DeliveryOptions): Promise<Host> => {
    const host = await stage.host({ webhooks: { delivery } });
    await stage.subscribe(host);
    return host;
  };

  /** The shortest time in which `count` more requests to a path arrived after each one. */
  const shortestSpan = (path: string, count: number): number => {
    const times = stage.receiver.requests
      .filter((each) => each.path.startsWith(path))
      .map((each) => each.receivedAt);
    return Math.min(...times.slice(count).map((time, index) => time - times[index]!));
  };

  it('timeout ends an attempt that gets no answer, and another one follows', async () => {
    stage.receiver.answer('/hook', { kind: 'hang' });
    const host = await start({ timeout: 300, retrySchedule: [100_000] });
    await host.webhooks.publish(OrderCreated.of('A'));

    await host.webhooks.drain();
    expect(await host.count('attempts', `number = 1 AND error = 'TIMEOUT'`)).toBe(1);
    await host.close();
    // With more time than a slow machine needs for an answer.
    const patient = await stage.host({ clock: host.clock });
    stage.receiver.clear();
    stage.receiver.answer('/hook', 204);
    patient.clock.advance(120_001);

    expect(await stage.arrivedOrders(patient)).toEqual(['A']);
    expect(await patient.count('deliveries', `state = 'succeeded' AND attempts = 2`)).toBe(1);
  });

  it('lease is how long others wait before they take over', async () => {
    stage.receiver.answer('/hook', { kind: 'hang' }, 204);
    const host = await start({ lease: 30_000 });
    const other = await stage.host();
    await host.webhooks.publish(OrderCreated.of('A'));
    await stage.receiver.waitFor(1);

    other.clock.advance(25_000);
    expect(await stage.arrivedOrders(other)).toEqual(['A']);
    other.clock.advance(6_000);
    expect(await stage.arrivedOrders(other)).toEqual(['A', 'A']);
    // Ends the first attempt.
    await stage.receiver.close();
  });

  it('concurrency bounds the attempts of the process', async () => {
    const host = await start({ concurrency: 2 });
    await stage.subscribe(host, { url: stage.receiver.url('/hook/2') });
    stage.receiver.answer('*', SLOWLY);

    await publishMany(host, 4);
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(8);
    expect(shortestSpan('/hook', 2)).toBeGreaterThanOrEqual(SLOWLY.delayMs - 2);
  });

  it('concurrencyPerSubscription bounds the attempts to each subscription', async () => {
    const host = await start({ concurrencyPerSubscription: 1 });
    await stage.subscribe(host, { url: stage.receiver.url('/other') });
    stage.receiver.answer('*', SLOWLY);

    await publishMany(host, 4);
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(8);
    expect(shortestSpan('/hook', 1)).toBeGreaterThanOrEqual(SLOWLY.delayMs - 2);
    expect(shortestSpan('/other', 1)).toBeGreaterThanOrEqual(SLOWLY.delayMs - 2);
  });

  it('window bounds what the process keeps to itself: others send the rest', async () => {
    stage.receiver.answer('/hook', { kind: 'hang' });
    const host = await start({ window: 10, concurrencyPerSubscription: 4 });
    const ids = await publishMany(host, 40);
    // An endpoint that nothing is known of gets two at a time.
    await stage.receiver.waitFor(2);

    stage.receiver.answer('/hook', 204);
    const other = await stage.host();
    const arrived = await stage.arrivedOrders(other);

    expect(new Set(arrived).size).toBeGreaterThanOrEqual(34);
    // Ends the attempts that hang; what was not begun is given back.
    await stage.receiver.close();
    expect(ids).toEqual(expect.arrayContaining(arrived));
  });

  it('retrySchedule decides when the next attempt is, and when there is none', async () => {
    stage.receiver.answer('/hook', 500);
    const host = await start({ retrySchedule: [100_000] });
    await host.webhooks.publish(OrderCreated.of('A'));

    await host.webhooks.drain();
    expect(await host.count('deliveries', `state = 'pending' AND attempts = 1`)).toBe(1);
    host.clock.advance(120_001);
    await host.webhooks.drain();
    expect(await host.count('deliveries', `state = 'exhausted' AND attempts = 2`)).toBe(1);
    host.clock.advance(100_000_000);
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(2);
  });

  it('sweepInterval is the longest that something waits for a process to find it', async () => {
    const host = await start({ sweepInterval: 60_000 });
    const publisher = await stage.host({ webhooks: { dispatch: false } });
    await host.webhooks.drain();
    await publisher.webhooks.publish(OrderCreated.of('A'));

    host.clock.advance(59_000);
    expect(stage.receiver.requests).toHaveLength(0);
    host.clock.advance(1_100);

    await stage.receiver.waitFor(1);
    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });
});

describeDatabases('the option', (database) => {
  const stage = useStage(database);

  const restart = async (host: Host, webhooks: WebhooksModuleOptions): Promise<Host> => {
    await host.close();
    return stage.host({ webhooks });
  };

  it('egress.allow is needed for targets that are not public', async () => {
    const host = await stage.host({ webhooks: { egress: {} } });

    await expect(stage.subscribe(host)).rejects.toThrow(/127\.0\.0\.1/);
    expect(await host.count('subscriptions')).toBe(0);
  });

  it('egress.allow is asked again when something is sent', async () => {
    const first = await stage.host();
    await stage.subscribe(first);
    const host = await restart(first, { egress: {} });
    await host.webhooks.publish(OrderCreated.of('A'));

    expect(await stage.arrivedOrders(host)).toEqual([]);
    expect(await host.count('attempts', `error = 'TARGET_BLOCKED'`)).toBe(1);
  });

  it('userAgent is the name by which requests go', async () => {
    const first = await stage.host();
    await stage.subscribe(first);
    await first.webhooks.publish(OrderCreated.of('A'));
    await first.webhooks.drain();
    const host = await restart(first, { userAgent: 'booking/2.0' });
    await host.webhooks.publish(OrderCreated.of('B'));
    await host.webhooks.drain();

    const names = stage.receiver.requests.map(({ headers }) => headers['user-agent']);
    expect(names).toEqual(['nestjs-webhooks', 'booking/2.0']);
  });

  it('secrets.current keeps secrets out of the tables', async () => {
    const host = await stage.host();
    const { secret } = await stage.subscribe(host, { headers: { authorization: 'Bearer hush' } });

    const rows = JSON.stringify(await host.dataSource.query('SELECT * FROM webhooks_subscriptions'));

    expect(rows).not.toContain('hush');
    expect(rows).not.toContain(secret!.slice('whsec_'.length));
  });

  it('secrets.previous still reads what an older key wrote', async () => {
    const first = await stage.host();
    const { secret } = await stage.subscribe(first, { headers: { authorization: 'Bearer hush' } });
    const host = await restart(first, { secrets: { current: OTHER_KEY, previous: [TEST_KEY] } });
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    const [request] = stage.receiver.requests;
    expect(verify(request!, secret!)).toBeNull();
    expect(request!.headers['authorization']).toBe('Bearer hush');
  });

  it('secrets without the key that wrote them sends nothing, says so, and sends it once the key is there', async () => {
    const first = await stage.host();
    const http_request = { url: stage.receiver.url('/hook'), json_body: { order: '{{order_id}}' } };
    const { id } = await stage.subscribe(first, { event_types: ['OrderCreated'], http_request });
    const host = await restart(first, { secrets: { current: OTHER_KEY } });
    await host.webhooks.publish(OrderCreated.of('A'));

    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(0);
    expect(await host.count('attempts', `error = 'SECRET_UNDECRYPTABLE'`)).toBe(1);
    expect(host.logger.of('error').join('\n')).toContain(id);

    const repaired = await restart(host, { secrets: { current: OTHER_KEY, previous: [TEST_KEY] } });
    repaired.clock.advance(10_000);
    await repaired.webhooks.drain();
    expect(stage.receiver.requests.map(({ body }) => body)).toEqual(['{"order":"A"}']);
  });

  it("secrets: 'plaintext' stores them as they are", async () => {
    const host = await stage.host({ webhooks: { secrets: 'plaintext' } });
    const { secret } = await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();

    expect(await host.count('subscriptions', `secrets LIKE '%${secret!}%'`)).toBe(1);
    expect(verify(stage.receiver.requests[0]!, secret!)).toBeNull();
  });

  it('imports of forRootAsync bring what its factory needs', async () => {
    const webhooksModule = WebhooksModule.forRootAsync({
      dataSource: 'default',
      inject: ['KEY'],
      imports: [
        { module: class KeyModule {}, providers: [{ provide: 'KEY', useValue: TEST_KEY }], exports: ['KEY'] },
      ],
      useFactory: (current: string) => ({ secrets: { current }, egress: { allow: LOOPBACK } }),
    });
    const host = await stage.host({ webhooksModule });
    await stage.subscribe(host);
    await host.webhooks.publish(OrderCreated.of('A'));

    expect(await stage.arrivedOrders(host)).toEqual(['A']);
  });
});
