import 'reflect-metadata';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IsInt, IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../../../../test/support/databases.js';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { WebhookEvent } from '../catalog/webhook-event.decorator.js';
import { WebhookField } from '../catalog/webhook-field.decorator.js';
import { SystemClock } from '../internal/clock.js';
import { PostgresDatabase } from '../storage/postgres.database.js';
import { SqliteDatabase } from '../storage/sqlite.database.js';
import { SubscriptionStore } from '../storage/subscription.store.js';
import { sqlFor, webhooksMigrations } from '../storage/webhooks.migrations.js';
import { EgressGuard } from '../transport/egress-guard.js';
import { KeyRing } from './key-ring.js';
import { SubscriptionIndex } from './subscription.index.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { TemplateCheck } from './template-check.service.js';

@WebhookEvent('OrderTicketed')
class OrderTicketed {
  @WebhookField({ example: 'YMCP6O', aliases: ['recordLocator'] })
  @IsString()
  pnr!: string;
}

@WebhookEvent('OrderCanceled')
class OrderCanceled {
  @WebhookField({ example: 'sick' })
  @IsString()
  reason!: string;
}

/** A later release: pnr was renamed, and another class took the alias's place. */
@WebhookEvent('OrderTicketed')
class OrderTicketedLater {
  @WebhookField({ example: 'YMCP6O' })
  @IsString()
  locator!: string;

  @WebhookField({ example: 2 })
  @IsInt()
  passengers!: number;
}

const PLAIN = { url: 'https://hooks.example.com/' };
const TICKETED = { ...PLAIN, event_types: ['OrderTicketed'] };
const CONTENT = { fields: ['recordLocator'], filter: { recordLocator: { $startsWith: 'Y' } } };

describeDatabases('what a subscription asks of an event', (database) => {
  let dataSource: DataSource;
  let store: SubscriptionStore;
  let catalog: EventCatalog;
  let index: SubscriptionIndex;
  let service: SubscriptionsService;
  const ring = new KeyRing('plaintext');
  const clock = new SystemClock();

  function release(...classes: (new () => object)[]): void {
    catalog = new EventCatalog();
    catalog.register(classes);
    index = new SubscriptionIndex(store, catalog, ring);
    service = new SubscriptionsService(store, index, catalog, new EgressGuard(), ring, clock);
  }

  beforeAll(async () => {
    const options = await database.fresh();
    dataSource = await new DataSource({ ...options, migrations: webhooksMigrations() }).initialize();
    await dataSource.runMigrations();
    const Adapter = options.type === 'postgres' ? PostgresDatabase : SqliteDatabase;
    store = new SubscriptionStore(
      new Adapter(dataSource, sqlFor(options.type, { tablePrefix: 'webhooks_' })),
      clock,
    );
  });
  beforeEach(async () => {
    await dataSource.query('DELETE FROM webhooks_subscriptions');
    release(OrderTicketed, OrderCanceled);
  });
  afterAll(() => dataSource.destroy());

  describe('fields and filter', () => {
    it('are shown by their own names, stored, and in effect', async () => {
      const { id } = await service.create({ ...TICKETED, ...CONTENT });
      expect(await service.get(id)).toMatchObject({ fields: ['pnr'], filter: { pnr: { $startsWith: 'Y' } } });
      const live = (await index.current()).byId(id)!;
      expect(live.accepts('OrderTicketed', { pnr: 'YMCP6O' })).toBe(true);
      expect(live.accepts('OrderTicketed', { pnr: 'XMCP6O' })).toBe(false);
      expect(await service.create(PLAIN)).toMatchObject({ fields: null, filter: null });
    });

    it('are replaced as a whole, removed by null, and sent back with the view', async () => {
      const { id } = await service.create({ ...TICKETED, ...CONTENT });
      const view = await service.get(id);
      expect(await service.update(id, { ...view, description: 'x' } as object)).toMatchObject({
        filter: view.filter,
      });
      const patched = await service.update(id, { filter: { pnr: 'A' }, fields: ['event_id'] });
      expect(patched).toMatchObject({ filter: { pnr: 'A' }, fields: ['event_id'] });
      expect(await service.update(id, { filter: null, fields: null })).toMatchObject({
        filter: null,
        fields: null,
      });
      const live = (await index.current()).byId(id)!;
      expect(live.accepts('OrderTicketed', {})).toBe(true);
    });

    it('keep a name and its alias apart when both are filtered by', async () => {
      const filter = { pnr: { $ne: 'A' }, recordLocator: { $ne: 'B' } };
      const { id } = await service.create({ ...TICKETED, filter });
      expect((await service.get(id)).filter).toEqual(filter);
      const live = (await index.current()).byId(id)!;
      expect(['A', 'B', 'C'].map((pnr) => live.accepts('OrderTicketed', { pnr }))).toEqual([
        false,
        false,
        true,
      ]);
    });

    it.each<[string, object, Record<string, unknown>]>([
      [
        'an unknown field',
        { fields: ['prn'] },
        { code: 'TEMPLATE_UNKNOWN_FIELD', path: 'fields[0]', suggestion: 'pnr' },
      ],
      [
        'a filter by an unknown field',
        { filter: { prn: 'A' } },
        { code: 'TEMPLATE_UNKNOWN_FIELD', suggestion: 'pnr' },
      ],
      [
        'a filter by another type',
        { filter: { pnr: 5 } },
        { code: 'FILTER_TYPE_MISMATCH', path: 'filter.pnr' },
      ],
      ['an unknown operator', { filter: { pnr: { $like: 'A' } } }, { path: 'filter.pnr.$like' }],
      [
        'a field that one of the event types lacks',
        { event_types: '*', fields: ['pnr'] },
        { path: 'fields[0]' },
      ],
      [
        'fields beside json_body',
        { fields: ['pnr'], http_request: { ...PLAIN, json_body: {} } },
        { path: 'fields' },
      ],
      ['fields of a request without a body', { fields: ['pnr'], method: 'GET' }, { path: 'fields' }],
    ])('are refused: %s', async (_name, input, expected) => {
      const base = 'http_request' in input ? { event_types: ['OrderTicketed'] } : TICKETED;
      await expect(service.create({ ...base, ...input })).rejects.toMatchObject(expected);
      const { id } = await service.create(TICKETED);
      await expect(service.update(id, input)).rejects.toMatchObject(expected);
      expect((await service.get(id)).version).toBe(1);
    });

    it('say which event type does not have a field', async () => {
      const refused = service.create({ ...PLAIN, filter: { pnr: 'A' } });
      await expect(refused).rejects.toThrow('(event type OrderCanceled)');
    });

    it('that are damaged in the table are a problem: no event passes unjudged', async () => {
      const log = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
      for (const damage of ['null', '{}', '{"pnr":', '{"pnr":{"$like":"A"}}', '5']) {
        const { id } = await service.create({ ...TICKETED, ...CONTENT });
        await dataSource.query(`UPDATE webhooks_subscriptions SET filter = '${damage}' WHERE id = '${id}'`);
        index.invalidate();
        const live = (await index.current()).byId(id)!;
        const unreadable = expect.objectContaining({ code: 'SUBSCRIPTION_UNREADABLE' });
        expect(() => live.fitFor(catalog.get('OrderTicketed'))).toThrow(unreadable);
        expect(await service.get(id)).toMatchObject({ problem: { code: 'SUBSCRIPTION_UNREADABLE' } });
      }
      log.mockRestore();
    });
  });

  describe('that a later release does not have', () => {
    const TEMPLATE = {
      event_types: ['OrderTicketed'],
      http_request: {
        url: 'https://hooks.example.com/',
        header: { Authorization: 'Bearer top-secret {{pnr}}' },
        json_body: { code: '{{pnr}}' },
      },
    };
    let lines: string[];

    beforeEach(() => {
      lines = [];
      const spy = jest.spyOn(Logger.prototype, 'error');
      spy.mockImplementation((...line: unknown[]) => void lines.push(JSON.stringify(line)));
    });
    afterEach(() => jest.restoreAllMocks());

    it('is reported with where it breaks, for the enabled and the paused', async () => {
      const template = await service.create(TEMPLATE);
      const fields = await service.create({ ...TICKETED, fields: ['pnr'], state: 'paused' });
      const filter = await service.create({ ...TICKETED, filter: { pnr: 'A' }, tenant: 'nube' });
      const vanished = await service.create({ ...PLAIN, event_types: ['OrderCanceled'] });
      const fine = await service.create({ ...TICKETED, state: 'enabled' });
      const off = await service.create({ ...TEMPLATE, state: 'disabled' });
      expect(await service.brokenTemplates()).toEqual([]);

      release(OrderTicketedLater);
      const broken = await service.brokenTemplates();

      const unknown = { event_type: 'OrderTicketed', code: 'TEMPLATE_UNKNOWN_FIELD', tenant: 'default' };
      expect(broken).toHaveLength(4);
      expect(broken).toEqual(
        expect.arrayContaining([
          { ...unknown, subscription_id: template.id, path: expect.any(String), message: expect.any(String) },
          {
            ...unknown,
            subscription_id: fields.id,
            path: 'fields[0]',
            message: expect.stringContaining('"pnr"'),
          },
          expect.objectContaining({ subscription_id: filter.id, tenant: 'nube', path: 'filter.pnr' }),
          expect.objectContaining({
            subscription_id: vanished.id,
            event_type: 'OrderCanceled',
            code: 'UNKNOWN_EVENT_TYPE',
            path: 'event_types[0]',
          }),
        ]),
      );
      expect(JSON.stringify(broken)).not.toContain(fine.id);
      expect(JSON.stringify(broken)).not.toContain(off.id);
    });

    it('is logged at boot: one line for each, once for each version, without a secret', async () => {
      const template = await service.create(TEMPLATE);
      const vanished = await service.create({ ...PLAIN, event_types: ['OrderCanceled'] });
      release(OrderTicketedLater);

      const check = new TemplateCheck(service);
      check.onApplicationBootstrap();
      await service.brokenTemplates();
      await service.brokenTemplates();
      await check.onModuleDestroy();

      expect(lines.filter((line) => line.includes(template.id))).toEqual([
        expect.stringMatching(
          /cannot be sent for OrderTicketed: TEMPLATE_UNKNOWN_FIELD at .*"tenant":"default"/,
        ),
      ]);
      expect(lines.filter((line) => line.includes(vanished.id))).toEqual([
        expect.stringContaining('cannot be sent for OrderCanceled: UNKNOWN_EVENT_TYPE at event_types[0].'),
      ]);
      expect(lines).toHaveLength(2);
      expect(lines.join()).not.toContain('top-secret');
    });

    it('is no failure of the boot when the database does not answer', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
      jest.spyOn(store, 'loadActive').mockRejectedValue(new Error('no connection'));
      const check = new TemplateCheck(service);
      check.onApplicationBootstrap();
      await check.onModuleDestroy();
      expect(warn).toHaveBeenCalledWith(
        expect.stringContaining('were not checked'),
        expect.objectContaining({ error: expect.stringContaining('no connection') }),
      );
    });

    it('suggests the nearest name', async () => {
      @WebhookEvent('OrderTicketed')
      class Renamed {
        @WebhookField({ example: 'A' })
        @IsString()
        pnrs!: string;
      }
      await service.create({ ...TICKETED, filter: { pnr: 'A' } });
      release(Renamed);
      expect(await service.brokenTemplates()).toMatchObject([{ path: 'filter.pnr', suggestion: 'pnrs' }]);
    });

    it('lives on when the old name became an alias', async () => {
      @WebhookEvent('OrderTicketed')
      class Renamed {
        @WebhookField({ example: 'A', aliases: ['pnr'] })
        @IsString()
        locator!: string;
      }
      const { id } = await service.create({ ...TICKETED, ...CONTENT });
      release(Renamed);
      expect(await service.brokenTemplates()).toEqual([]);
      const live = (await index.current()).byId(id)!;
      expect(live.accepts('OrderTicketed', { locator: 'YMCP6O' })).toBe(true);
      expect(live.accepts('OrderTicketed', { locator: 'XMCP6O' })).toBe(false);
      const body = live.fitFor(catalog.get('OrderTicketed')).renderBody({ locator: 'A', other: 1 });
      expect(JSON.parse(body!)).toMatchObject({ data: { locator: 'A' } });
    });
  });
});
