import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { Milestones, saveOrder, scheduleOf, withMilestones } from '../support/milestones.js';
import { AirlineStatusChanged, OrderCanceled, OrderCreated, OrderEntity } from '../support/order-events.js';
import { dataOf, useStage } from '../support/stage.js';

const A_DAY = 86_400_000;

describeDatabases('scheduling', (database) => {
  const stage = useStage(database);
  let host: Host;
  let milestones: Milestones;

  beforeEach(async () => {
    host = await stage.host(withMilestones());
    milestones = host.get(Milestones);
    await stage.subscribe(host);
    await saveOrder(host, 'a', 7);
  });

  const inMs = (ms: number): Date => new Date(host.clock.now() + ms);
  const schedule = (ms: number, options: object = {}): Promise<boolean> =>
    host.webhooks.schedule(OrderCreated, { key: 'a', at: inMs(ms), ...options });

  /** `data` of everything that has arrived, after everything that is due was sent. */
  async function arrived(): Promise<Record<string, unknown>[]> {
    await host.webhooks.drain();
    return stage.receiver.requests.map(dataOf);
  }

  it('publishes the event when it is due and not before, as things are then, with the scheduled instant', async () => {
    const at = inMs(A_DAY);
    expect(await host.webhooks.schedule(OrderCreated, { key: 'a', at })).toBe(true);
    expect(await arrived()).toEqual([]);
    expect(await scheduleOf(host, 'a')).toMatchObject({
      state: 'pending',
      at: at.toISOString(),
      attempts: 0,
    });
    await saveOrder(host, 'a', 42);

    host.clock.advance(3 * A_DAY);
    const [event, ...others] = await arrived();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ order_id: 'a', total: 42, sequence: 1, occurred_at: at.toISOString() });
    expect(await scheduleOf(host, 'a')).toMatchObject({
      state: 'fired',
      attempts: 1,
      event_id: event!['event_id'],
    });
    expect(await arrived()).toHaveLength(1);
  });

  it('tells the builder subject, key, instant, tenant, data and the number of the try', async () => {
    const at = inMs(-5);
    const data = { leg: 2, city: 'Zürich' };
    await host.webhooks.schedule(OrderCreated, { key: 'started:a', subject: 'a', tenant: 'nube', data, at });
    await arrived();
    expect(milestones.asked).toEqual([
      { subject: 'a', key: 'started:a', at, tenant: 'nube', data, attempt: 1 },
    ]);
    expect(await host.count('events', `tenant = 'nube' AND subject = 'a'`)).toBe(1);
  });

  it.each(['fired', 'dropped', 'canceled'])(
    'keeps nothing of what was for the builder when it is %s',
    async (state) => {
      const key = state === 'dropped' ? 'gone' : 'a';
      await schedule(state === 'canceled' ? A_DAY : 0, { key, data: { pnr: 'Ada' } });
      if (state === 'canceled') await host.webhooks.unschedule(OrderCreated, 'a');
      await arrived();
      expect(await host.count('schedules', `state = '${state}' AND data IS NULL`)).toBe(1);
    },
  );

  it('takes subject and tenant from the event class when it was given none', async () => {
    await schedule(0);
    await arrived();
    expect(milestones.asked).toMatchObject([{ subject: 'a', tenant: null, data: null }]);
    expect(await host.count('events', `tenant = 'default' AND subject = 'order:a'`)).toBe(1);
  });

  it('fires at once what is scheduled for the past, without anybody asking', async () => {
    await schedule(-400 * A_DAY);
    await stage.receiver.waitFor(1);
    expect(dataOf(stage.receiver.requests[0]!)).toMatchObject({ order_id: 'a' });
  });

  it('moves a key that has not fired: later, earlier, and over and over', async () => {
    await schedule(A_DAY);
    await schedule(3 * A_DAY);
    host.clock.advance(2 * A_DAY);
    expect(await arrived()).toEqual([]);
    await schedule(30 * A_DAY);
    const at = inMs(60_000);
    await schedule(60_000, { at });
    host.clock.advance(120_000);
    expect(await arrived()).toMatchObject([{ occurred_at: at.toISOString() }]);
    host.clock.advance(60 * A_DAY);
    expect(await arrived()).toHaveLength(1);
    expect(await host.count('schedules')).toBe(1);
  });

  it('waits for instants that are years ahead', async () => {
    await schedule(11 * 365 * A_DAY);
    host.clock.advance(10 * 365 * A_DAY);
    expect(await arrived()).toEqual([]);
    host.clock.advance(366 * A_DAY);
    expect(await arrived()).toHaveLength(1);
  });

  it('leaves a fired key alone, until it is asked to arm it once more', async () => {
    await schedule(0);
    await arrived();
    expect(await schedule(A_DAY)).toBe(false);
    host.clock.advance(2 * A_DAY);
    expect(await arrived()).toHaveLength(1);
    expect(await schedule(A_DAY, { rearm: true })).toBe(true);
    expect(await scheduleOf(host, 'a')).toMatchObject({ state: 'pending', attempts: 0, event_id: null });
    host.clock.advance(2 * A_DAY);
    expect(await arrived()).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
  });

  it('takes a key back, once, and takes it up again when it is scheduled again', async () => {
    await schedule(A_DAY);
    expect(await host.webhooks.unschedule(OrderCreated, 'a')).toBe(true);
    expect(await host.webhooks.unschedule(OrderCreated, 'a')).toBe(false);
    expect(await host.webhooks.unschedule(OrderCreated, 'unknown')).toBe(false);
    host.clock.advance(2 * A_DAY);
    expect(await arrived()).toEqual([]);
    expect(await scheduleOf(host, 'a')).toMatchObject({ state: 'canceled' });
    await schedule(0);
    expect(await arrived()).toHaveLength(1);
    expect(await host.webhooks.unschedule(OrderCreated, 'a')).toBe(false);
    expect(await scheduleOf(host, 'a')).toMatchObject({ state: 'fired' });
  });

  it('tells keys apart by event type', async () => {
    await schedule(A_DAY);
    await host.webhooks.schedule(OrderCanceled, { key: 'a', at: inMs(A_DAY) });
    await host.webhooks.unschedule(OrderCanceled, 'a');
    host.clock.advance(2 * A_DAY);
    expect(await arrived()).toMatchObject([{ event_type: 'OrderCreated' }]);
    expect(await host.webhooks.scheduled({ eventClass: OrderCanceled })).toMatchObject([
      { state: 'canceled' },
    ]);
  });

  it('ends without an event when the builder says that it is no longer true, and can be scheduled anew', async () => {
    await schedule(0, { key: 'gone' });
    expect(await arrived()).toEqual([]);
    expect(await scheduleOf(host, 'gone')).toMatchObject({ state: 'dropped', event_id: null });
    await saveOrder(host, 'gone');
    expect(await schedule(0, { key: 'gone' })).toBe(true);
    expect(await arrived()).toMatchObject([{ order_id: 'gone', sequence: 1 }]);
  });

  it('publishes what the builder writes and publishes beside it in the same transaction', async () => {
    milestones.onBuild = async (_, manager) => {
      await manager.save(OrderEntity, { id: 'built', tenant: 'default', total: 1 });
      await host.webhooks.publish(AirlineStatusChanged.of('IB'));
    };
    await schedule(0);
    expect(await arrived()).toHaveLength(2);
    expect(await host.orders()).toEqual(['a', 'built']);
  });

  it('fires while operators have stopped all deliveries: those wait', async () => {
    await host.webhooks.stopDeliveries();
    await schedule(0);
    expect(await arrived()).toEqual([]);
    expect(await scheduleOf(host, 'a')).toMatchObject({ state: 'fired' });
    await host.webhooks.startDeliveries();
    expect(await arrived()).toHaveLength(1);
  });

  it('shows what is scheduled by type, key, subject and state, at most so much', async () => {
    for (const key of ['a', 'b', 'c']) await schedule(A_DAY, { key, subject: `of ${key}` });
    await host.webhooks.unschedule(OrderCreated, 'b');
    const keys = async (query: object): Promise<string[]> =>
      (await host.webhooks.scheduled(query)).map(({ key }) => key);
    expect(await keys({})).toEqual(['a', 'b', 'c']);
    expect(await keys({ limit: 2 })).toEqual(['a', 'b']);
    expect(await keys({ state: 'pending' })).toEqual(['a', 'c']);
    expect(await keys({ subject: 'of c' })).toEqual(['c']);
    expect(await keys({ eventClass: OrderCreated, key: 'b', state: 'canceled' })).toEqual(['b']);
    expect(await keys({ eventClass: OrderCanceled })).toEqual([]);
  });
});
