import { Injectable, Scope } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import type { ScheduleFailedEvent } from 'nestjs-webhooks';
import { BuildsWebhook } from 'nestjs-webhooks';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { Milestones, saveOrder, scheduleOf, withMilestones } from '../support/milestones.js';
import { AirlineStatusChanged, OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

/** After each of the tries but the last. */
const WAITS_S = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600, 3600, 3600];

describeDatabases('a schedule that cannot be fired', (database) => {
  const stage = useStage(database);
  let host: Host;
  let milestones: Milestones;
  let told: ScheduleFailedEvent[];

  beforeEach(async () => {
    host = await stage.host(withMilestones({ imports: [EventEmitterModule.forRoot()] }));
    milestones = host.get(Milestones);
    told = [];
    host
      .get(EventEmitter2)
      .on('webhooks.schedule.failed', (failed: ScheduleFailedEvent) => told.push(failed));
    await stage.subscribe(host);
    await saveOrder(host, 'A');
  });

  async function fire(options: object = {}): Promise<void> {
    await host.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(host.clock.now()), ...options });
    await drained();
  }

  /** Listeners are told after the work. */
  async function drained(): Promise<void> {
    await host.webhooks.drain();
    await new Promise(setImmediate);
  }

  it('is tried again with growing pauses, then it has failed, for all to see', async () => {
    milestones.onBuild = () => Promise.reject(new Error('fares are away'));
    await fire();
    for (const [index, seconds] of WAITS_S.entries()) {
      expect(await scheduleOf(host, 'A')).toMatchObject({
        state: 'pending',
        attempts: index + 1,
        last_error: 'Error: fares are away',
      });
      // Real time passes as well, more of it on a slow machine.
      const early = Math.max(0, seconds - 10) * 1_000;
      host.clock.advance(early);
      await drained();
      expect(milestones.asked).toHaveLength(index + 1);
      host.clock.advance(seconds * 1_000 + 1_000 - early);
      await drained();
      expect(milestones.asked).toHaveLength(index + 2);
    }
    expect(await host.webhooks.scheduled({ state: 'failed' })).toMatchObject([{ key: 'A', attempts: 16 }]);
    expect(told).toEqual([
      {
        eventType: 'OrderCreated',
        key: 'A',
        tenant: null,
        subject: null,
        attempts: 16,
        error: 'Error: fares are away',
      },
    ]);
    expect(host.logger.of('error')).toEqual([
      'error Schedule OrderCreated "A" is given up after try 16: Error: fares are away',
    ]);
    host.clock.advance(86_400_000);
    await drained();
    expect(milestones.asked).toHaveLength(16);
  });

  it('fires with the scheduled instant as soon as its builder works again', async () => {
    const at = new Date(host.clock.now() - 1_000);
    milestones.onBuild = () => Promise.reject(new Error('not yet'));
    await fire({ at });
    milestones.onBuild = () => undefined;
    host.clock.advance(5_000);
    await drained();
    expect(await scheduleOf(host, 'A')).toMatchObject({ state: 'fired', attempts: 2, last_error: null });
    expect(await host.count('events', `occurred_at = ${at.getTime()}`)).toBe(1);
    expect(told).toEqual([]);
  });

  it('starts anew when it is scheduled again after it has failed', async () => {
    milestones.onBuild = () => AirlineStatusChanged.of('IB');
    await fire();
    milestones.onBuild = () => undefined;
    await fire();
    expect(await scheduleOf(host, 'A')).toMatchObject({ state: 'fired', attempts: 1 });
  });

  it.each([
    ['an event of another class', () => AirlineStatusChanged.of('IB'), 'instead of OrderCreated'],
    ['an invalid event', () => OrderCreated.of('A', 1.5), 'OrderCreated is not valid at total'],
    ['too large an event', () => OrderCreated.of('x'.repeat(256 * 1024)), 'OrderCreated'],
    ['something else', () => 'an order', 'built string instead of OrderCreated'],
  ])('has failed at once when its builder gave %s', async (_, onBuild, message) => {
    milestones.onBuild = onBuild;
    await fire();
    expect(await scheduleOf(host, 'A')).toMatchObject({ state: 'failed', attempts: 1 });
    expect((await scheduleOf(host, 'A'))!.last_error).toContain(message);
    expect(told).toMatchObject([{ key: 'A', attempts: 1 }]);
    expect(await host.count('events')).toBe(0);
  });

  it('has failed at once when its builder moves its own key', async () => {
    milestones.onBuild = async () => {
      await host.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(host.clock.now() + 60_000) });
    };
    await fire();
    expect(await scheduleOf(host, 'A')).toMatchObject({ state: 'failed', attempts: 1 });
    expect((await scheduleOf(host, 'A'))!.last_error).toContain('Milestones.created');
    expect(await host.count('events')).toBe(0);
  });

  it('keeps no other one waiting', async () => {
    await saveOrder(host, 'B');
    milestones.onBuild = (subject) => (subject === 'A' ? Promise.reject(new Error('away')) : undefined);
    await host.webhooks.schedule(OrderCreated, { key: 'B', at: new Date(host.clock.now()) });
    await fire({ at: new Date(0) });
    expect(await stage.arrivedOrders(host)).toEqual(['B']);
  });

  it('is put off when its builder hangs, and what that does later is lost', async () => {
    const hanging = new Promise<void>((resolve) => {
      milestones.onBuild = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    await host.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(host.clock.now()) });
    await hanging;
    host.clock.advance(30_001);
    await drained();
    expect(await scheduleOf(host, 'A')).toMatchObject({
      state: 'pending',
      last_error: 'Error: Milestones.created took longer than 30000 ms',
    });
  });

  it('is fired alone after a process ended in its try, and no other one is charged for that', async () => {
    const charged: unknown[] = [];
    milestones.onBuild = async (subject, manager) => {
      const others = `SELECT key, attempts FROM webhooks_schedules WHERE state = 'pending' AND key <> '${subject}' ORDER BY key`;
      const rows = (await manager.query(others)) as { key: string; attempts: unknown }[];
      charged.push([subject, ...rows.map(({ key, attempts }) => `${key} ${String(attempts)}`)]);
    };
    const start = host.clock.now() + 60_000;
    for (const [index, key] of ['A', 'B', 'C', 'D'].entries())
      await host.webhooks.schedule(OrderCreated, { key, at: new Date(start + index) });
    await host.dataSource.query(`UPDATE webhooks_schedules SET attempts = 1 WHERE key IN ('B', 'C')`);
    host.clock.advance(61_000);
    await drained();

    expect(charged).toEqual([['A', 'B 1', 'C 1', 'D 0'], ['B', 'C 1', 'D 0'], ['C', 'D 0'], ['D']]);
  });

  it('has failed without another try when the process ended in the middle of all of them', async () => {
    await host.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(host.clock.now() + 60_000) });
    await host.dataSource.query('UPDATE webhooks_schedules SET attempts = 16');
    host.clock.advance(61_000);
    await drained();
    expect(milestones.asked).toEqual([]);
    expect(await scheduleOf(host, 'A')).toMatchObject({ state: 'failed' });
    expect(told).toMatchObject([{ error: 'The process ended in the middle of every try.' }]);
  });
});

@Injectable()
class OtherMilestones {
  @BuildsWebhook(OrderCreated)
  build(subject: string): OrderCreated {
    return OrderCreated.of(subject);
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestedMilestones {
  @BuildsWebhook(OrderCreated)
  build(subject: string): OrderCreated {
    return OrderCreated.of(subject);
  }
}

@Injectable()
class UnregisteredMilestones {
  @BuildsWebhook(AirlineStatusChanged)
  build(): null {
    return null;
  }
}

describeDatabases('builders', (database) => {
  const stage = useStage(database);

  it('fail the boot when two build the same type, and are both named', async () => {
    await expect(stage.host(withMilestones({ providers: [OtherMilestones] }))).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringMatching(
        /Milestones\.created and OtherMilestones\.build both build OrderCreated/,
      ) as unknown,
    });
  });

  it('may have a second name in the application', async () => {
    const alias = { provide: 'alias', useExisting: Milestones };
    const host = await stage.host(withMilestones({ providers: [alias] }));
    await saveOrder(host, 'A');
    await host.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(0) });
    await host.webhooks.drain();
    expect(await scheduleOf(host, 'A')).toMatchObject({ state: 'fired' });
  });

  it('fail the boot when there is no one instance to ask, or their class is not registered', async () => {
    await expect(stage.host({ providers: [RequestedMilestones] })).rejects.toMatchObject({
      code: 'CATALOG_INVALID',
      message: expect.stringContaining(
        'RequestedMilestones.build: the provider is request-scoped',
      ) as unknown,
    });
    await expect(
      stage.host({ providers: [UnregisteredMilestones], events: [OrderCreated] }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_TYPE' });
  });
});
