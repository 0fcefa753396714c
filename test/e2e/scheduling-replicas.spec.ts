import { ALL_TENANTS } from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { Milestones, saveOrder, scheduleOf, withMilestones } from '../support/milestones.js';
import { OrderCreated } from '../support/order-events.js';
import type { Stage } from '../support/stage.js';
import { dataOf, useStage } from '../support/stage.js';

const A_DAY = 86_400_000;
const MANY = 500;
/** What a process leases at a time. */
const BATCH = 50;

/** Orders, each with a schedule; the n-th of them `stepMs` after the one before. */
async function scheduleMany(host: Host, count: number, first: number, stepMs: number): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, n) => `order-${String(n).padStart(4, '0')}`);
  await host.webhooks.transaction(async (manager) => {
    for (const [n, key] of keys.entries()) {
      await manager.query(`INSERT INTO test_orders (id, tenant, total) VALUES ('${key}', 'default', 1)`);
      await host.webhooks.schedule(OrderCreated, { key, at: new Date(first + n * stepMs) });
    }
  });
  return keys;
}

const arrived = (stage: Stage): Record<string, unknown>[] => stage.receiver.requests.map(dataOf);

describeDatabases('schedules after days of downtime', (database) => {
  const stage = useStage(database);

  it('are all fired, in the order of their instants, each with its own', async () => {
    const clock = new TestClock();
    const before = await stage.host({ webhooks: { dispatch: false }, clock });
    await stage.subscribe(before, { limits: { concurrency: 1 } });
    const first = clock.now() + A_DAY;
    const keys = await scheduleMany(before, 130, first, 60_000);
    await before.close();
    clock.advance(6 * A_DAY);

    const after = await stage.host(withMilestones({ clock }));
    await after.webhooks.drain();
    expect(after.get(Milestones).asked.map(({ key }) => key)).toEqual(keys);
    const instants = new Map(
      arrived(stage).map((data) => [data['order_id'], Date.parse(String(data['occurred_at']))]),
    );
    expect([...instants.keys()].sort()).toEqual(keys);
    expect(keys.map((key) => instants.get(key))).toEqual(keys.map((_, n) => first + n * 60_000));
    expect(stage.receiver.requests).toHaveLength(keys.length);
  });

  it('come in bounded batches: between two of them the sweep has its turn', async () => {
    const host = await stage.host(withMilestones());
    const milestones = host.get(Milestones);
    const begun: number[] = [];
    milestones.onBuild = async () => {
      if (milestones.asked.length % BATCH === 1) begun.push(await host.count('schedules', 'attempts > 0'));
    };
    await scheduleMany(host, 120, host.clock.now() - A_DAY, 1);
    await host.webhooks.drain();
    expect(begun).toEqual([BATCH, 2 * BATCH, 120]);
  });

  it('end with the process between two of them, and the next one goes on at once', async () => {
    const host = await stage.host(withMilestones());
    const milestones = host.get(Milestones);
    let closing: Promise<void> | undefined;
    const second = new Promise<void>((resolve) => {
      milestones.onBuild = () => {
        if (milestones.asked.length === 2) resolve(void (closing = host.close()));
      };
    });
    await scheduleMany(host, 20, host.clock.now() - A_DAY, 1);
    await second;
    await closing;
    expect(milestones.asked).toHaveLength(2);

    const next = await stage.host(withMilestones());
    await next.webhooks.drain();
    expect(next.get(Milestones).asked.map(({ attempt }) => attempt)).toEqual(Array(18).fill(1));
    expect(await next.count('events')).toBe(20);
  });
});

describeDatabases('schedules of another process', (database) => {
  const stage = useStage(database);

  it('are left alone by one without the builder, and by one that does not dispatch', async () => {
    const clock = new TestClock();
    const without = await stage.host({ clock });
    const idle = await stage.host(withMilestones({ clock, webhooks: { dispatch: false } }));
    await saveOrder(idle, 'A');
    await without.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(0) });
    await idle.webhooks.schedule(OrderCreated, { key: 'B', at: new Date(0), tenant: ALL_TENANTS });
    await without.webhooks.drain();
    await idle.webhooks.drain();
    expect(await idle.webhooks.scheduled()).toMatchObject([{ attempts: 0 }, { attempts: 0 }]);
    expect(idle.get(Milestones).asked).toEqual([]);

    const able = await stage.host(withMilestones({ clock }));
    await able.webhooks.drain();
    expect(await scheduleOf(able, 'A')).toMatchObject({ state: 'fired' });
    expect(await scheduleOf(able, 'B')).toMatchObject({ state: 'dropped' });
  });
});

describeDatabases(
  'two hosts with the same builder',
  (database) => {
    const stage = useStage(database);

    it(`fire ${MANY} due schedules once each, and share them`, async () => {
      const clock = new TestClock();
      const hosts = [
        await stage.host(withMilestones({ clock })),
        await stage.host(withMilestones({ clock })),
      ];
      await stage.subscribe(hosts[0]!);
      const keys = await scheduleMany(hosts[0]!, MANY, clock.now() - A_DAY, 10);
      await Promise.all(hosts.map((host) => host.webhooks.drain()));
      await Promise.all(hosts.map((host) => host.webhooks.drain()));

      const asked = hosts.map((host) => host.get(Milestones).asked.map(({ key }) => key));
      expect(asked.flat().sort()).toEqual(keys);
      expect(Math.min(...asked.map(({ length }) => length))).toBeGreaterThan(0);
      expect(
        arrived(stage)
          .map((data) => data['order_id'])
          .sort(),
      ).toEqual(keys);
      expect(await hosts[0]!.count('events')).toBe(MANY);
      expect(await hosts[0]!.count('schedules', `state = 'fired' AND due_at IS NULL`)).toBe(MANY);
    });

    it('send what is published while a batch is being built', async () => {
      const host = await stage.host(withMilestones());
      await stage.subscribe(host);
      const milestones = host.get(Milestones);
      const inTheMiddle = new Promise<void>((resolve) => {
        milestones.onBuild = async () => {
          if (milestones.asked.length !== BATCH / 2) return;
          resolve();
          // The batch goes on when the receiver has what was published after it began.
          await stage.receiver.waitFor((requests) => requests.some(({ body }) => body.includes('fresh')));
        };
      });
      await scheduleMany(host, BATCH, host.clock.now() - A_DAY, 1);
      await inTheMiddle;
      await host.webhooks.publish(OrderCreated.of('fresh'));
      await host.webhooks.drain();
      expect(stage.receiver.requests).toHaveLength(BATCH + 1);
    });

    it('wake each other for what is due in a moment', async () => {
      const publisher = await stage.host({ webhooks: { dispatch: false } });
      const delivery = { sweepInterval: 60_000 };
      const worker = await stage.host(withMilestones({ webhooks: { delivery } }));
      await stage.subscribe(worker);
      await worker.webhooks.drain();
      await saveOrder(publisher, 'A');
      await publisher.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(Date.now() + 50) });
      await stage.receiver.waitFor(1);
      expect(arrived(stage)).toMatchObject([{ order_id: 'A' }]);
    });

    it('let the fence decide, when one comes back after the other has taken over', async () => {
      const slow = await stage.host(withMilestones());
      await saveOrder(slow, 'A');
      let goOn!: () => void;
      const isBuilding = new Promise<void>((resolve) => {
        slow.get(Milestones).onBuild = () => {
          resolve();
          return new Promise<void>((go) => (goOn = go));
        };
      });
      await slow.webhooks.schedule(OrderCreated, { key: 'A', at: new Date(0) });
      await isBuilding;
      // Begins only now: it would be told of the schedule, too. In its time the lease has run out.
      const clock = new TestClock();
      clock.advance(61_000);
      const fast = await stage.host(withMilestones({ clock }));
      await fast.webhooks.drain();
      goOn();
      await slow.webhooks.drain();
      expect(await slow.count('events')).toBe(1);
      expect(await scheduleOf(slow, 'A')).toMatchObject({ state: 'fired', attempts: 2 });
    });
  },
  'postgres',
);
