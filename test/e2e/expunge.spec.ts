import { DeliveriesService, EventsService, type SubscriptionInput } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { untilLetGo } from '../support/let-go.js';
import { OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { useStage } from '../support/stage.js';

const HOUR = 3_600_000;
const PERSON = 'Ada Lovelace';

async function publish(host: Host, order: string, tenant?: string): Promise<string> {
  host.clock.advance(2);
  const options = {
    ...(tenant === undefined ? {} : { tenant }),
    idempotencyKey: `key-${order}-${String(tenant)}`,
  };
  const event = Object.assign(OrderCreated.of(order), { pnr: PERSON });
  const { id } = await host.webhooks.publish(event, options);
  await host.webhooks.drain();
  return id;
}

function withTemplate(stage: Stage, more: SubscriptionInput = {}): SubscriptionInput {
  const http_request = {
    url: stage.receiver.url('/hook?who={{pnr}}'),
    header: { 'x-who': '{{pnr}}' },
    json_body: { who: '{{pnr}}' },
  };
  return { limits: { retry_schedule: [10, 10, 10] }, event_types: ['OrderCreated'], ...more, http_request };
}

/** Where in the module's tables a text can be found. */
async function traces(host: Host, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of ['events', 'deliveries', 'attempts', 'idempotency_keys']) {
    const rows: unknown = await host.dataSource.query(`SELECT * FROM webhooks_${table}`);
    const written = JSON.stringify(rows);
    if (written.includes(text) || written.includes(encodeURIComponent(text))) found.push(table);
  }
  return found;
}

describeDatabases('expunging an event', (database) => {
  const stage = useStage(database);

  it('removes its data, and everything that was made of it and answered to it; the rows tell that it was there', async () => {
    const host = await stage.host();
    await stage.subscribe(host, withTemplate(stage));
    stage.receiver.answer('/hook', { status: 200, body: `thank you, ${PERSON}` });
    const id = await publish(host, 'A');
    expect(await traces(host, PERSON)).toEqual(['events', 'deliveries', 'attempts']);

    const erased = await host.get(EventsService).expunge(id);

    expect(erased).toEqual({ events: 1, deliveries: 1, attempts: 1 });
    expect(await traces(host, PERSON)).toEqual([]);
    expect(await host.count('idempotency_keys', `hash <> ''`)).toBe(0);
    const event = await host.get(EventsService).get(id);
    expect(event).toMatchObject({ id, data: null, expunged_at: expect.any(String) as unknown });
    expect(event.deliveries).toMatchObject([{ state: 'succeeded', last_status: 200 }]);
    const detail = await host.get(DeliveriesService).get(event.deliveries[0]!.id);
    expect(detail).toMatchObject({
      body: null,
      attempt_log: [{ status: 200, request: null, response: null }],
    });
    expect((await host.get(EventsService).list()).items).toMatchObject([{ id, data: null }]);
  });

  it('cancels what is open, with a code of its own, and the engine goes on', async () => {
    const host = await stage.host();
    await stage.subscribe(host, withTemplate(stage));
    stage.receiver.answer('/hook', 500, 204);
    const id = await publish(host, 'A');

    await host.get(EventsService).expunge(id);
    host.clock.advance(HOUR);
    await publish(host, 'B');

    const { deliveries } = await host.get(EventsService).get(id);
    expect(deliveries).toMatchObject([
      { state: 'canceled', last_error: 'EVENT_EXPUNGED', next_attempt_at: null },
    ]);
    expect(stage.receiver.requests).toHaveLength(2);
    const resend = host.get(DeliveriesService).resend(deliveries[0]!.id);
    await expect(resend).rejects.toMatchObject({ code: 'DELIVERY_CONFLICT' });
    expect(await host.count('deliveries', `state IN ('pending', 'held', 'waiting')`)).toBe(0);
  });

  it('of which nothing was sent yet sends nothing', async () => {
    const office = await stage.host({ webhooks: { dispatch: false } });
    await stage.subscribe(office, withTemplate(stage));
    const id = await publish(office, 'A');

    await office.get(EventsService).expunge(id);
    const worker = await stage.host();
    await worker.webhooks.drain();

    expect(stage.receiver.requests).toEqual([]);
    expect(await worker.count('events', 'due_at IS NOT NULL')).toBe(0);
  });

  it('sends nothing of it any more when it waits for its turn', async () => {
    const host = await stage.host({ webhooks: { delivery: { concurrencyPerSubscription: 1 } } });
    await stage.subscribe(host, withTemplate(stage));
    const { until, letGo } = untilLetGo();
    stage.receiver.answer('/hook', { status: 204, until });
    await host.webhooks.publish(OrderCreated.of('first'));
    await stage.receiver.waitFor(1);
    const { id } = await host.webhooks.publish(Object.assign(OrderCreated.of('A'), { pnr: PERSON }));

    await host.get(EventsService).expunge(id);
    letGo();
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(1);
    expect(await host.count('events', 'due_at IS NOT NULL')).toBe(0);
  });

  it('lets the next of its subject go', async () => {
    const host = await stage.host();
    await stage.subscribe(host, withTemplate(stage, { ordering: 'subject' }));
    stage.receiver.answer('/hook', 500, 204);
    const first = await publish(host, 'A');
    host.clock.advance(2);
    await host.webhooks.publish(OrderCreated.of('A'));
    await host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(1);

    await host.get(EventsService).expunge(first);
    await host.webhooks.drain();

    expect(stage.receiver.requests).toHaveLength(2);
  });

  it('also removes what an attempt under way puts on record afterwards', async () => {
    const host = await stage.host();
    await stage.subscribe(host, withTemplate(stage));
    const { until, letGo } = untilLetGo();
    stage.receiver.answer('/hook', { status: 200, body: PERSON, until });
    host.clock.advance(2);
    const { id } = await host.webhooks.publish(Object.assign(OrderCreated.of('A'), { pnr: PERSON }));
    await stage.receiver.waitFor(1);

    await host.get(EventsService).expunge(id);
    letGo();
    await host.webhooks.drain();
    await host.get(EventsService).sweepRetention();

    expect(await traces(host, PERSON)).toEqual([]);
  });

  it("is not possible for another tenant's, nor for one of all tenants in a tenant's name", async () => {
    const host = await stage.host();
    const events = host.get(EventsService);
    const [own, all] = [await publish(host, 'A', 'a'), await publish(host, 'A', '*')];

    for (const [id, tenant] of [
      [own, 'b'],
      [all, 'a'],
      ['evt_nobody', 'a'],
    ] as const) {
      await expect(events.expunge(id, { tenant })).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
    }

    expect(await host.count('events', 'expunged_at IS NULL')).toBe(2);
    expect(await events.expunge(own, { tenant: 'a' })).toMatchObject({ events: 1 });
    expect(await events.expunge(own, { tenant: 'a' })).toMatchObject({ events: 0 });
  });
});

describeDatabases(
  'expunging an event that was published a moment ago',
  (database) => {
    const stage = useStage(database);

    it('sends nothing of it', async () => {
      const host = await stage.host();
      await stage.subscribe(host, withTemplate(stage));
      const { id } = await host.webhooks.publish(OrderCreated.of('A'));

      await host.get(EventsService).expunge(id);
      await host.webhooks.drain();

      expect(stage.receiver.requests).toEqual([]);
    });
  },
  'sqlite',
);

describeDatabases('erasing a subject', (database) => {
  const stage = useStage(database);

  it('expunges every event of it, in steps, and nothing of others; again it finds nothing', async () => {
    const host = await stage.host();
    await stage.subscribe(host, withTemplate(stage));
    for (let n = 0; n < 45; n++) {
      host.clock.advance(2);
      await host.webhooks.publish(Object.assign(OrderCreated.of('A'), { pnr: PERSON }));
    }
    const other = await publish(host, 'B');
    const events = host.get(EventsService);
    const { subject } = await events.get(other);

    const erased = await events.eraseSubject(subject!.replace('B', 'A'));

    expect(erased).toEqual({ events: 45, deliveries: 45, attempts: 45 });
    expect(await host.count('events', `data LIKE '%${PERSON}%'`)).toBe(1);
    expect(await host.count('attempts', `request = '{}'`)).toBe(45);
    expect(await events.eraseSubject(subject!.replace('B', 'A'))).toEqual({
      events: 0,
      deliveries: 0,
      attempts: 0,
    });
    const next = await host.webhooks.publish(OrderCreated.of('A'));
    expect((await events.get(next.id)).sequence).toBe(46);
  });

  it('of a tenant leaves the same subject of others alone', async () => {
    const host = await stage.host();
    const ids = [await publish(host, 'A', 'a'), await publish(host, 'A', 'b')];
    const events = host.get(EventsService);
    const { subject } = await events.get(ids[0]!);

    expect(await events.eraseSubject(subject!, { tenant: 'a' })).toMatchObject({ events: 1 });

    expect((await events.get(ids[0]!)).data).toBeNull();
    expect((await events.get(ids[1]!)).data).toMatchObject({ pnr: PERSON });
  });

  it('takes what is scheduled for it: a tenant his own, and who erases for all the rest', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });
    const at = new Date(host.clock.now() + HOUR);
    for (const [key, tenant] of [['of a', 'a'], ['of b', 'b'], ['of nobody']] as const) {
      const whose = tenant === undefined ? {} : { tenant };
      await host.webhooks.schedule(OrderCreated, { key, subject: 'A', at, data: PERSON, ...whose });
    }
    await host.webhooks.schedule(OrderCreated, { key: 'A', at });
    await host.webhooks.schedule(OrderCreated, { key: 'B', at });
    const keys = async (): Promise<string[]> => (await host.webhooks.scheduled()).map(({ key }) => key);

    await host.get(EventsService).eraseSubject('A', { tenant: 'a' });
    expect(await keys()).toEqual(['A', 'B', 'of b', 'of nobody']);

    await host.get(EventsService).eraseSubject('A');
    expect(await keys()).toEqual(['B']);
  });

  it('names the field that is wrong', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });

    for (const wrong of ['', undefined, 7]) {
      const erasure = host.get(EventsService).eraseSubject(wrong as string);
      await expect(erasure).rejects.toMatchObject({ code: 'QUERY_INVALID', path: 'subject' });
    }
  });
});
