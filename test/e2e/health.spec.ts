import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import type { LifecycleEvent, SubscriptionInput } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What was sent once and failed comes again after all that a test is about. */
const LATE: SubscriptionInput = { limits: { retry_schedule: [86_400] } };

async function publishOrders(host: Host, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await host.webhooks.publish(OrderCreated.of(`${n}`));
  await host.webhooks.drain();
}

describeDatabases('the circuit of a subscription', (database) => {
  const stage = useStage(database);

  /** A subscription that has just failed ten times in a row, with more waiting for it. */
  const broken = async (events = 30): Promise<{ host: Host; id: string }> => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host();
    const { id } = await stage.subscribe(host, LATE);
    await publishOrders(host, events);
    return { host, id };
  };

  const after = async (host: Host, ms: number): Promise<number> => {
    host.clock.advance(ms);
    await host.webhooks.drain();
    return stage.receiver.requests.length;
  };

  it('stays closed below ten failures in a row', async () => {
    const { host } = await broken(9);
    stage.receiver.answer('/hook', 204, 500);
    await publishOrders(host, 1);

    await publishOrders(host, 9);

    expect(stage.receiver.requests).toHaveLength(19);
    expect(await host.count('health', 'open_until IS NOT NULL')).toBe(0);
  });

  it('opens after ten failures in a row: nothing is sent, and no attempt is burnt', async () => {
    const { host } = await broken();
    expect(stage.receiver.requests).toHaveLength(10);

    await publishOrders(host, 5);

    expect(await after(host, 40 * SECOND)).toBe(10);
    expect(await host.count('deliveries', `state = 'pending' AND attempts = 0`)).toBe(25);
    expect(await host.count('deliveries', 'attempts > 1 OR step > 1')).toBe(0);
    expect(await host.count('attempts')).toBe(10);
  });

  it('concerns no other subscription', async () => {
    const { host } = await broken();
    await stage.subscribe(host, { url: stage.receiver.url('/other') });

    await publishOrders(host, 3);

    expect(stage.receiver.requestsTo('/other')).toHaveLength(3);
  });

  it('lets one probe through after a minute, then after 2, 4, 8, 16, 32 and 60 minutes', async () => {
    const { host } = await broken();

    for (const [index, minutes] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
      expect(await after(host, minutes * MINUTE - 20 * SECOND)).toBe(10 + index);
      expect(await after(host, 21 * SECOND)).toBe(11 + index);
    }
    expect(await host.count('deliveries', 'attempts > 1')).toBe(0);
  });

  it('closes with a success: everything that waited goes out', async () => {
    const { host } = await broken();
    stage.receiver.answer('/hook', 204);

    await after(host, 61 * SECOND);
    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(20);
    await after(host, 1.3 * DAY);

    expect(await host.count('deliveries', `state = 'succeeded'`)).toBe(30);
    expect(stage.receiver.requests).toHaveLength(40);
    expect(await host.count('health', 'failing_since IS NOT NULL')).toBe(0);
  });

  it('opens for a minute again, and after ten failures, once it was closed', async () => {
    const { host } = await broken();
    stage.receiver.answer('/hook', 204);
    await after(host, 61 * SECOND);
    stage.receiver.clear();
    stage.receiver.answer('/hook', 500);

    await publishOrders(host, 20);

    expect(stage.receiver.requests).toHaveLength(10);
    expect(await after(host, 40 * SECOND)).toBe(10);
    expect(await after(host, 21 * SECOND)).toBe(11);
  });

  it('survives a restart, open as long and doubled as often as before', async () => {
    const { host } = await broken();
    await after(host, 61 * SECOND);
    await host.close();
    const next = await stage.host({ clock: host.clock });

    expect(await after(next, 100 * SECOND)).toBe(11);
    expect(await after(next, 22 * SECOND)).toBe(12);
    expect(await after(next, 4 * MINUTE - 20 * SECOND)).toBe(12);
    expect(await after(next, 21 * SECOND)).toBe(13);
  });

  it('is closed for a process that starts after it closed', async () => {
    const { host } = await broken();
    stage.receiver.answer('/hook', 204);
    await after(host, 61 * SECOND);
    await host.close();
    stage.receiver.answer('/hook', 500);
    stage.receiver.clear();
    const next = await stage.host({ clock: host.clock });

    await publishOrders(next, 9);

    expect(stage.receiver.requests).toHaveLength(9);
  });

  it('takes a resend by hand for a probe: with its success new events go out at once', async () => {
    const { host } = await broken();
    stage.receiver.answer('/hook', 204);
    const [{ id }] = (await host.dataSource.query(
      'SELECT id FROM webhooks_deliveries WHERE attempts = 1',
    )) as [{ id: string }];

    await host.get(DeliveriesService).resend(id);
    await host.webhooks.drain();
    await host.webhooks.publish(OrderCreated.of('new'));

    expect(await stage.arrivedOrders(host)).toContain('new');
    expect(stage.receiver.requests[10]!.headers['webhook-attempt']).toBe('2');
    expect(await after(host, 61 * SECOND)).toBe(10 + 1 + 20 + 1);
  });

  it('stays as it is when a resend by hand fails', async () => {
    const { host } = await broken();
    const [{ id }] = (await host.dataSource.query(
      'SELECT id FROM webhooks_deliveries WHERE attempts = 1',
    )) as [{ id: string }];

    await host.get(DeliveriesService).resend(id);

    expect(await after(host, 40 * SECOND)).toBe(11);
    expect(await after(host, 21 * SECOND)).toBe(12);
    expect(await after(host, 2 * MINUTE - 20 * SECOND)).toBe(12);
  });

  it('is closed by whoever changes the subscription', async () => {
    const { host, id } = await broken();
    stage.receiver.answer('/moved', 204);

    await host.subscriptions.update(id, { url: stage.receiver.url('/moved') });
    await host.webhooks.publish(OrderCreated.of('new'));

    expect(await stage.arrivedOrders(host, '/moved')).toContain('new');
    await after(host, 61 * SECOND);
    expect(stage.receiver.requestsTo('/moved')).toHaveLength(21);
  });
});

describeDatabases('a subscription that does nothing but fail', (database) => {
  const stage = useStage(database);
  let percents: (number | undefined)[];

  beforeEach(() => (percents = []));

  const failing = async (input = LATE): Promise<{ host: Host; id: string }> => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host({ imports: [EventEmitterModule.forRoot()], clock: new TestClock() });
    host
      .get(EventEmitter2)
      .on('webhooks.subscription.unhealthy', ({ percent }: LifecycleEvent) => percents.push(percent));
    const { id } = await stage.subscribe(host, input);
    await publishOrders(host, 12);
    return { host, id };
  };

  /** A new event every six hours. */
  const days = async (host: Host, count: number): Promise<void> => {
    for (let look = 0; look < count * 4; look++) {
      host.clock.advance(6 * HOUR);
      await publishOrders(host, 1);
    }
    // Listeners are told after the work.
    await new Promise(setImmediate);
  };

  const stateOf = async ({ host, id }: { host: Host; id: string }): Promise<unknown> => {
    const { state, state_reason } = await host.subscriptions.get(id);
    return [state, state_reason];
  };

  it('is disabled after five days, with the reason "failing"; the host was told at 50 and 90 %', async () => {
    const it = await failing();

    await days(it.host, 2.25);
    const early = [...percents];
    await days(it.host, 2.5);
    const late = [...percents];
    expect(await stateOf(it)).toEqual(['enabled', null]);
    await days(it.host, 0.5);

    expect([early, late]).toEqual([[], [50, 90]]);
    expect(await stateOf(it)).toEqual(['disabled', 'failing']);
    expect(percents).toEqual([50, 90]);
    // A row that was written in the same moment is held when it falls due.
    const sent = stage.receiver.requests.length;
    it.host.clock.advance(2 * HOUR);
    await it.host.webhooks.drain();
    expect(stage.receiver.requests).toHaveLength(sent);
    expect(await it.host.count('deliveries', `state = 'pending'`)).toBe(0);
    expect(await it.host.count('events')).toBe(12 + 21);
  });

  it('begins anew with any success', async () => {
    const it = await failing();
    await days(it.host, 4);
    stage.receiver.answer('/hook', 204, 500);
    await days(it.host, 0.25);

    await days(it.host, 4.25);
    expect(await stateOf(it)).toEqual(['enabled', null]);
    expect(percents).toEqual([50, 50]);
    await days(it.host, 1);

    expect(await stateOf(it)).toEqual(['disabled', 'failing']);
  });

  it('goes on where it was after a restart', async () => {
    const { host, id } = await failing();
    await days(host, 4);
    await host.close();
    const next = await stage.host({ clock: host.clock });

    await days(next, 1.25);

    expect(await stateOf({ host: next, id })).toEqual(['disabled', 'failing']);
  });

  it('has a fresh start when it is enabled again', async () => {
    const it = await failing();
    await days(it.host, 5.25);
    await it.host.subscriptions.enable(it.id);

    await days(it.host, 1);

    expect(await stateOf(it)).toEqual(['enabled', null]);
  });

  it('is not disabled for two failures with five days of silence between them', async () => {
    stage.receiver.answer('/hook', 500);
    const host = await stage.host();
    const { id } = await stage.subscribe(host, { limits: { retry_schedule: [1] } });
    await publishOrders(host, 1);
    host.clock.advance(2 * SECOND);
    await host.webhooks.drain();

    host.clock.advance(6 * DAY);
    await publishOrders(host, 1);

    expect(await stateOf({ host, id })).toEqual(['enabled', null]);
  });
});
