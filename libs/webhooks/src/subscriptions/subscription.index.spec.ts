import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../../../../test/support/databases.js';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { WebhookEvent } from '../catalog/webhook-event.decorator.js';
import { WebhookField } from '../catalog/webhook-field.decorator.js';
import { Clock, SystemClock } from '../internal/clock.js';
import { ALL_TENANTS } from '../internal/tenants.js';
import type { Database } from '../storage/database.js';
import { PostgresDatabase } from '../storage/postgres.database.js';
import { SqliteDatabase } from '../storage/sqlite.database.js';
import { SubscriptionStore } from '../storage/subscription.store.js';
import { sqlFor, webhooksMigrations } from '../storage/webhooks.migrations.js';
import { EgressGuard } from '../transport/egress-guard.js';
import { KeyRing } from './key-ring.js';
import { SubscriptionIndex } from './subscription.index.js';
import { SubscriptionsService } from './subscriptions.service.js';

@WebhookEvent('OrderTicketed', { aliases: ['order.ticketed'] })
class OrderTicketed {
  @WebhookField({ example: 'YMCP6O' })
  @IsString()
  pnr!: string;
}

@WebhookEvent('OrderCanceled')
class OrderCanceled {
  @WebhookField({ example: 'sick' })
  @IsString()
  reason!: string;
}

interface DeliveryRow {
  readonly id: string;
  readonly state: string;
  readonly due_at: string | number | null;
  readonly fence: string | number;
}

const RING = new KeyRing({ current: randomBytes(32).toString('base64') });
const DAY_MS = 86_400_000;

class MovableClock extends Clock {
  offset = 0;
  readonly now = (): number => Date.now() + this.offset;
  readonly monotonic = (): number => performance.now() + this.offset;
  readonly after = (ms: number, action: () => void) => new SystemClock().after(ms, action);
}

class CountingStore extends SubscriptionStore {
  loads = 0;

  override loadActive(): ReturnType<SubscriptionStore['loadActive']> {
    this.loads++;
    return super.loadActive();
  }
}

/** A process of its own on the same database. */
class Replica {
  readonly clock = new MovableClock();
  readonly store: CountingStore;
  readonly index: SubscriptionIndex;
  readonly service: SubscriptionsService;

  constructor(database: Database, catalog: EventCatalog) {
    this.store = new CountingStore(database, this.clock);
    this.index = new SubscriptionIndex(this.store, catalog, RING);
    this.service = new SubscriptionsService(
      this.store,
      this.index,
      catalog,
      new EgressGuard(),
      RING,
      this.clock,
    );
  }

  create(more: object = {}): Promise<{ id: string }> {
    return this.service.create({ url: 'https://hooks.example.com/', ...more });
  }

  async matching(tenant = 'default', type = 'OrderTicketed', storedAt = Infinity): Promise<string[]> {
    return (await this.index.current()).matching(tenant, type, storedAt).map(({ id }) => id);
  }
}

describeDatabases('the active subscriptions', (database) => {
  let dataSource: DataSource;
  let db: Database;
  let catalog: EventCatalog;
  let one: Replica;
  let two: Replica;

  async function addDelivery(
    id: string,
    subscriptionId: string,
    state: string,
    dueAt: number | null,
  ): Promise<void> {
    const due = dueAt === null ? 'NULL' : String(dueAt);
    await dataSource.query(`INSERT INTO webhooks_deliveries
      (id, event_id, subscription_id, tenant, state, priority, attempts, step, created_at, updated_at, expires_at, due_at, fence)
      VALUES ('${id}', 'evt_${id}', '${subscriptionId}', 'default', '${state}', 0, 0, 0, 1, 1, 1, ${due}, 7)`);
  }

  async function deliveries(): Promise<Record<string, [string, boolean, number]>> {
    const rows: DeliveryRow[] = await dataSource.query(
      'SELECT id, state, due_at, fence FROM webhooks_deliveries',
    );
    return Object.fromEntries(
      rows.map((row) => [row.id, [row.state, row.due_at !== null, Number(row.fence)]]),
    );
  }

  beforeAll(async () => {
    const options = await database.fresh();
    dataSource = await new DataSource({ ...options, migrations: webhooksMigrations() }).initialize();
    await dataSource.runMigrations();
    const Adapter = options.type === 'postgres' ? PostgresDatabase : SqliteDatabase;
    db = new Adapter(dataSource, sqlFor(options.type, { tablePrefix: 'webhooks_' }));
    catalog = new EventCatalog();
    catalog.register([OrderTicketed, OrderCanceled]);
  });
  beforeEach(async () => {
    await dataSource.query('DELETE FROM webhooks_subscriptions');
    await dataSource.query('DELETE FROM webhooks_deliveries');
    one = new Replica(db, catalog);
    two = new Replica(db, catalog);
  });
  afterAll(() => dataSource.destroy());

  describe('of one tenant', () => {
    it('are matched by event type, and by nobody else’s events', async () => {
      const tickets = await one.create({ tenant: 'nube', event_types: ['order.ticketed'] });
      const all = await one.create({ tenant: 'nube', event_types: 'Order*' });
      const other = await one.create({ tenant: 'sol' });
      expect((await one.matching('nube')).sort()).toEqual([tickets.id, all.id].sort());
      expect(await one.matching('nube', 'OrderCanceled')).toEqual([all.id]);
      expect(await one.matching('sol')).toEqual([other.id]);
      expect(await one.matching('default')).toEqual([]);
    });

    it('are matched by a wildcard that means an alias', async () => {
      const { id } = await one.create({ event_types: 'order.*' });
      expect(await one.matching('default', 'OrderTicketed')).toEqual([id]);
      expect(await one.matching('default', 'OrderCanceled')).toEqual([]);
    });

    it('all get an event for all tenants', async () => {
      const ids = [
        await one.create({ tenant: 'nube' }),
        await one.create({ tenant: 'sol' }),
        await one.create(),
      ];
      expect((await one.matching(ALL_TENANTS)).sort()).toEqual(ids.map(({ id }) => id).sort());
    });

    it('make every event name a tenant, even when they are disabled', async () => {
      await one.create();
      expect((await one.index.current()).hasTenants).toBe(false);
      await one.create({ tenant: 'nube', state: 'disabled' });
      expect((await one.index.current()).hasTenants).toBe(true);
    });
  });

  it('get no event that was stored before them', async () => {
    const { id } = await one.create();
    const { createdAt } = (await one.index.current()).byId(id)!;
    expect(await one.matching('default', 'OrderTicketed', createdAt - 1)).toEqual([]);
    expect(await one.matching('default', 'OrderTicketed', createdAt)).toEqual([id]);
  });

  it('are stamped with the database’s time and the clock’s offset', async () => {
    one.clock.offset = 40 * DAY_MS;
    const { id } = await one.create();
    const { createdAt } = (await one.index.current()).byId(id)!;
    expect(Math.abs(createdAt - Date.now() - 40 * DAY_MS)).toBeLessThan(60_000);
  });

  it('include the paused and not the disabled', async () => {
    const paused = await one.create({ state: 'paused' });
    const disabled = await one.create({ state: 'disabled' });
    const set = await one.index.current();
    expect(set.byId(paused.id)?.state).toBe('paused');
    expect(set.byId(disabled.id)).toBeUndefined();
  });

  describe('as a set with a version', () => {
    it('count every write up by one', async () => {
      const version = async () => (await one.index.current()).version;
      const start = await version();
      const { id } = await one.create();
      expect(await version()).toBe(start + 1);
      const { update, pause, resume, disable, enable } = one.service;
      const writes = [
        () => update.call(one.service, id, { description: 'x' }),
        ...[pause, resume, disable, enable].map((each) => () => each.call(one.service, id)),
      ];
      for (const [position, write] of writes.entries()) {
        await write();
        expect(await version()).toBe(start + 2 + position);
      }
      await one.service.delete(id);
      expect(await version()).toBe(start + 2 + writes.length);
    });

    it('are read once, until this process changes one', async () => {
      await Promise.all([one.index.current(), one.index.current(), one.index.current()]);
      await one.index.current();
      expect(one.store.loads).toBe(1);
      expect(one.index.latest).toBeDefined();
      const { id } = await one.create();
      expect(one.index.latest).toBeUndefined();
      expect(await one.matching()).toEqual([id]);
      expect(one.store.loads).toBe(2);
    });

    it('are read again when another process has changed one', async () => {
      const { version } = await two.index.current();
      const { id } = await one.create();
      expect((await two.index.atLeast(version)).byId(id)).toBeUndefined();
      expect((await two.index.atLeast(version + 1)).byId(id)?.id).toBe(id);
      expect(two.store.loads).toBe(2);
    });

    it('are not read for ever when a version does not exist', async () => {
      const { version } = await one.index.current();
      expect((await one.index.atLeast(version + 100)).version).toBe(version);
      expect(one.store.loads).toBe(3);
    });

    it('are not remembered from a read that was overtaken', async () => {
      const overtaken = two.index.current();
      two.index.invalidate();
      const { version } = await two.index.current();
      await overtaken;
      await one.create();
      expect((await two.index.atLeast(version + 1)).version).toBe(version + 1);
    });

    it('keep the instances of those that did not change', async () => {
      const [kept, changed] = [await one.create(), await one.create()];
      const before = await one.index.current();
      await one.service.update(changed.id, { description: 'x' });
      const after = await one.index.current();
      expect(after.byId(kept.id)).toBe(before.byId(kept.id));
      expect(after.byId(changed.id)).not.toBe(before.byId(changed.id));
    });

    it('do not all fail when one row is damaged', async () => {
      const log = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
      const [fine, damaged] = [await one.create(), await one.create()];
      await dataSource.query(
        `UPDATE webhooks_subscriptions SET secrets = '{', metadata = 'null' WHERE id = '${damaged.id}'`,
      );
      expect((await two.matching()).sort()).toEqual([fine.id, damaged.id].sort());
      const { problem } = (await two.index.current()).byId(damaged.id)!;
      expect(problem).toMatchObject({ code: 'SUBSCRIPTION_UNREADABLE' });
      expect(log).toHaveBeenCalledWith(
        expect.stringContaining('cannot deliver'),
        expect.objectContaining({ subscriptionId: damaged.id, code: 'SUBSCRIPTION_UNREADABLE' }),
      );
      log.mockRestore();
    });
  });

  describe('and their deliveries', () => {
    let id: string;

    beforeEach(async () => {
      ({ id } = await one.create());
      await addDelivery('waiting', id, 'pending', 5);
      await addDelivery('done', id, 'succeeded', null);
      await addDelivery('foreign', 'sub_other', 'pending', 5);
    });

    const untouched = { done: ['succeeded', false, 7], foreign: ['pending', true, 7] };

    it('are held while paused, keep their fence, and are due at once when resumed', async () => {
      await one.service.pause(id);
      expect(await deliveries()).toEqual({ waiting: ['held', false, 7], ...untouched });
      await one.service.pause(id);
      expect(await one.service.resume(id)).toMatchObject({ state: 'enabled', version: 3 });
      expect(await deliveries()).toEqual({ waiting: ['pending', true, 7], ...untouched });
    });

    it('are held when it is disabled, and stay held when it is enabled', async () => {
      expect(await one.service.disable(id, 'gone')).toMatchObject({
        state: 'disabled',
        state_reason: 'gone',
      });
      expect(await one.service.enable(id)).toMatchObject({ state: 'enabled', state_reason: null });
      await one.service.resume(id);
      expect(await deliveries()).toEqual({ waiting: ['held', false, 7], ...untouched });
    });

    it('are canceled when it is deleted', async () => {
      await addDelivery('held', id, 'held', null);
      await one.service.delete(id);
      expect(await deliveries()).toEqual({
        waiting: ['canceled', false, 7],
        held: ['canceled', false, 7],
        ...untouched,
      });
      await expect(one.service.delete(id)).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
    });

    it('are left alone by a change that came too late', async () => {
      const stale = (await one.store.find(id))!;
      await one.service.update(id, { description: 'newer' });
      const change = { to: 'paused', reason: null, deliveries: 'hold' } as const;
      const note = { action: 'pause', actor: null, reason: null, what: '{}' } as const;
      expect(await one.store.changeState(stale, change, note)).toBeUndefined();
      expect(await deliveries()).toMatchObject({ waiting: ['pending', true, 7] });
    });

    it('do not let the state change where it makes no sense', async () => {
      await one.service.pause(id);
      await expect(one.service.enable(id)).rejects.toThrow('resume it instead');
      await one.service.disable(id);
      await expect(one.service.pause(id)).rejects.toThrow('enable it first');
      await expect(one.service.resume(id)).rejects.toMatchObject({ code: 'SUBSCRIPTION_CONFLICT' });
      const tooLong = one.service.disable(id, 'x'.repeat(201));
      await expect(tooLong).rejects.toMatchObject({ code: 'SUBSCRIPTION_INVALID', path: 'reason' });
    });

    // SQLite has one writer at a time: nothing can lock in another order there.
    if (database.name === 'postgres') {
      it('are held although a settlement has locked them the other way round', async () => {
        await addDelivery('waiting-too', id, 'pending', 5);
        const touch = (row: string) => `UPDATE webhooks_deliveries SET attempts = 1 WHERE id = '${row}'`;
        const pausing = await dataSource.transaction(async (manager) => {
          // However slow the machine: it is the module that finds itself in the deadlock.
          await manager.query(`SET LOCAL deadlock_timeout = '10min'`);
          await manager.query(touch('waiting-too'));
          const paused = one.service.pause(id).catch((error: unknown) => error);
          const blocked = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
          // On a connection of its own: inside a transaction the view does not change.
          while (((await dataSource.query(blocked)) as unknown[]).length === 0);
          await manager.query(touch('waiting'));
          return { paused };
        });
        expect(await pausing.paused).toMatchObject({ state: 'paused' });
        expect(await deliveries()).toMatchObject({
          waiting: ['held', false, 7],
          'waiting-too': ['held', false, 7],
        });
      });
    }
  });
});
