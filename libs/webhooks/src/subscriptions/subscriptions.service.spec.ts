import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../../../../test/support/databases.js';
import { EventCatalog } from '../catalog/event-catalog.service.js';
import { WebhookEvent } from '../catalog/webhook-event.decorator.js';
import { WebhookField } from '../catalog/webhook-field.decorator.js';
import { SystemClock } from '../internal/clock.js';
import { generateSecret, parseSecret } from '../signing/secret.js';
import type { Database } from '../storage/database.js';
import { PostgresDatabase } from '../storage/postgres.database.js';
import { SqliteDatabase } from '../storage/sqlite.database.js';
import { SubscriptionStore } from '../storage/subscription.store.js';
import { sqlFor, webhooksMigrations } from '../storage/webhooks.migrations.js';
import { EgressGuard } from '../transport/egress-guard.js';
import { KeyRing, type KeyRingOptions } from './key-ring.js';
import { SubscriptionIndex } from './subscription.index.js';
import type { SubscriptionInput } from './subscription-input.js';
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

const KEY = randomBytes(32).toString('base64');
const PASSWORD = 'YourPassword';
const AIRGATEWAY = {
  event_types: ['OrderTicketed'],
  http_request: {
    method: 'POST',
    url: 'https://hooks.example.com/api/order-ticketed',
    header: { Authorization: `Basic ${PASSWORD}`, 'X-Team': 'tickets' },
    json_body: { pnr: '{{pnr}}', nothing: null },
  },
} satisfies SubscriptionInput;
const PLAIN = { url: 'https://hooks.example.com/' };

describeDatabases('subscriptions', (database) => {
  let dataSource: DataSource;
  let db: Database;
  let catalog: EventCatalog;
  let index: SubscriptionIndex;
  let service: SubscriptionsService;

  function start(secrets: KeyRingOptions): [SubscriptionsService, SubscriptionIndex] {
    const clock = new SystemClock();
    const store = new SubscriptionStore(db, clock);
    const ring = new KeyRing(secrets);
    const own = new SubscriptionIndex(store, catalog, ring);
    return [new SubscriptionsService(store, own, catalog, new EgressGuard(), ring, clock), own];
  }

  async function rawRows(): Promise<string> {
    return JSON.stringify(await dataSource.query('SELECT * FROM webhooks_subscriptions'));
  }

  beforeAll(async () => {
    const options = await database.fresh();
    dataSource = await new DataSource({ ...options, migrations: webhooksMigrations() }).initialize();
    await dataSource.runMigrations();
    const sql = sqlFor(options.type, { tablePrefix: 'webhooks_' });
    const Adapter = options.type === 'postgres' ? PostgresDatabase : SqliteDatabase;
    db = new Adapter(dataSource, sql);
    catalog = new EventCatalog();
    catalog.register([OrderTicketed, OrderCanceled]);
  });
  beforeEach(async () => {
    await dataSource.query('DELETE FROM webhooks_subscriptions');
    [service, index] = start({ current: KEY });
  });
  afterAll(() => dataSource.destroy());

  describe('creating', () => {
    it('accepts the documented body of AirGateway as it stands', async () => {
      const http_request = { ...AIRGATEWAY.http_request, json_body: { id: '{{event_id}}' } };
      const created = await service.create({ http_request });
      expect(created).toMatchObject({
        tenant: 'default',
        uid: null,
        state: 'enabled',
        event_types: ['*'],
        version: 1,
      });
      expect(created.id).toMatch(/^sub_[0-9A-Z]{26}$/);
      expect(Math.abs(Date.parse(created.created_at) - Date.now())).toBeLessThan(60_000);
    });

    it('tells the signing secret this once', async () => {
      const { secret, ...view } = await service.create(PLAIN);
      expect(parseSecret(secret)).toHaveLength(32);
      expect(view.secrets[0]!.masked).toBe(`whsec_****${secret.replace('=', '').slice(-4)}`);
      expect(await service.get(view.id)).toEqual(view);
      expect(JSON.stringify(await service.list())).not.toContain(secret);
    });

    it('takes a secret of the caller’s own, and refuses a bad one', async () => {
      const own = generateSecret();
      expect((await service.create({ ...PLAIN, secret: own })).secret).toBe(own);
      const refused = service.create({ ...PLAIN, secret: 'whsec_short' });
      await expect(refused).rejects.toMatchObject({ code: 'SUBSCRIPTION_INVALID', path: 'secret' });
    });

    it('stores names for aliases', async () => {
      const event_types = ['order.ticketed', 'OrderTicketed', 'Order*'];
      expect((await service.create({ ...PLAIN, event_types })).event_types).toEqual([
        'OrderTicketed',
        'Order*',
      ]);
    });

    it.each<[string, unknown, Record<string, unknown>]>([
      [
        'an unknown event type',
        { event_types: ['Order*', 'OrderTicketd'] },
        { code: 'UNKNOWN_EVENT_TYPE', path: 'event_types[1]', suggestion: 'OrderTicketed' },
      ],
      [
        'a wildcard for nothing',
        { event_types: ['Hotel*'] },
        { code: 'SUBSCRIPTION_INVALID', path: 'event_types' },
      ],
      [
        'a private target',
        { url: 'http://10.0.0.1/' },
        { code: 'SUBSCRIPTION_INVALID', path: 'http_request.url' },
      ],
      ['a bad URL', { url: 'hooks.example.com' }, { code: 'URL_INVALID', path: 'url' }],
      [
        'a mask',
        { headers: { Authorization: '********' } },
        { code: 'SUBSCRIPTION_INVALID', path: 'http_request.header.Authorization' },
      ],
      ['a reserved header', { headers: { 'webhook-id': '1' } }, { code: 'HEADER_NAME_RESERVED' }],
    ])('refuses %s', async (_name, input, expected) => {
      await expect(service.create({ ...PLAIN, ...(input as object) })).rejects.toMatchObject(expected);
      expect((await service.list()).items).toEqual([]);
    });

    it('checks the template against every event type it asks for', async () => {
      const { http_request } = AIRGATEWAY;
      const refused = service.create({ http_request, event_types: ['Order*'] });
      await expect(refused).rejects.toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'json_body.pnr' });
      await expect(refused).rejects.toThrow('event type OrderCanceled');
    });

    it('refuses a uid that the tenant has given already, and only that', async () => {
      await service.create({ ...PLAIN, uid: 'erp' });
      const twin = service.create({ ...PLAIN, uid: 'erp' });
      await expect(twin).rejects.toMatchObject({ code: 'SUBSCRIPTION_CONFLICT' });
      const other = await service.create({ ...PLAIN, uid: 'erp', tenant: 'nube' });
      expect(await service.getByUid('erp', { tenant: 'nube' })).toMatchObject({ id: other.id });
      await expect(service.getByUid('crm')).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
    });
  });

  describe('secrets', () => {
    it('are in no view, no row, no error and no log', async () => {
      const { secret, ...view } = await service.create({ ...AIRGATEWAY, state: 'paused' });
      expect(view.http_request.header).toEqual({ Authorization: '********', 'X-Team': 'tickets' });
      const elsewhere = { url: 'https://evil.example/', headers: { Authorization: '********' } };
      const error: unknown = await service.update(view.id, elsewhere).catch((reason: unknown) => reason);
      const seen = await Promise.all([
        service.get(view.id),
        service.list(),
        service.resume(view.id),
        rawRows(),
      ]);
      const live = (await index.current()).byId(view.id)!;
      const everything = [
        JSON.stringify([view, ...seen, error, live]),
        inspect(error),
        inspect(live),
        String(error),
      ];
      for (const text of everything) {
        expect(text).not.toContain(PASSWORD);
        expect(text).not.toContain(secret.slice('whsec_'.length));
      }
      expect(await rawRows()).not.toContain('tickets');
    });

    it('arrive in clear where they are needed: in the template and the signature', async () => {
      const { id, secret } = await service.create(AIRGATEWAY);
      const subscription = (await index.current()).byId(id)!;
      const { headers } = subscription
        .fitFor(catalog.get('OrderTicketed'))
        .template.render({ pnr: 'YMCP6O' });
      expect(headers).toEqual(AIRGATEWAY.http_request.header);
      expect(subscription.signingKeys(Date.now()).map((key) => key.export())).toEqual([parseSecret(secret)]);
    });

    it('stay readable after a rotation of the key, and are written with the new one', async () => {
      const { id } = await service.create(AIRGATEWAY);
      const next = randomBytes(32).toString('base64');
      await start({ current: next, previous: [KEY] })[0].update(id, { description: 'saved again' });
      const [rotated] = start({ current: next });
      expect(await rotated.get(id)).toMatchObject({
        problem: null,
        http_request: { header: { 'X-Team': 'tickets' } },
      });
    });

    it('that cannot be read are a problem of that subscription only', async () => {
      const lost = await service.create(AIRGATEWAY);
      const [other, otherIndex] = start({ current: randomBytes(32).toString('base64') });
      const fine = await other.create(PLAIN);
      const log = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
      const set = await otherIndex.current();
      log.mockRestore();
      const broken = set.byId(lost.id)!;
      expect(
        set
          .matching('default', 'OrderTicketed', Infinity)
          .map(({ id }) => id)
          .sort(),
      ).toEqual([lost.id, fine.id].sort());
      const undecryptable = expect.objectContaining({ code: 'SECRET_UNDECRYPTABLE' });
      expect(() => broken.fitFor(catalog.get('OrderTicketed')).template).toThrow(undecryptable);
      expect(() => broken.signingKeys(0)).toThrow(undecryptable);
      expect(await other.get(lost.id)).toMatchObject({
        problem: { code: 'SECRET_UNDECRYPTABLE' },
        secrets: [],
      });
      await expect(other.update(lost.id, { description: 'x' })).rejects.toThrow('secrets.previous');
      await expect(other.delete(lost.id)).resolves.toBeUndefined();
    });
  });

  describe('updating', () => {
    it('keeps what is masked as long as the origin stays', async () => {
      const { id } = await service.create(AIRGATEWAY);
      const view = await service.get(id);
      await service.update(id, { ...view, description: 'sent back' } as object);
      await service.update(id, { url: 'https://hooks.example.com/v2', headers: { 'X-Team': null } });
      const live = (await index.current()).byId(id)!;
      expect(live.httpRequest).toMatchObject({
        url: 'https://hooks.example.com/v2',
        header: { Authorization: `Basic ${PASSWORD}` },
        json_body: AIRGATEWAY.http_request.json_body,
      });
      expect(live.httpRequest.header).not.toHaveProperty('X-Team');
    });

    it('does not send a kept secret to another host', async () => {
      const { id } = await service.create(AIRGATEWAY);
      const elsewhere = service.update(id, { url: 'https://evil.example/' });
      await expect(elsewhere).rejects.toMatchObject({
        code: 'SUBSCRIPTION_INVALID',
        path: 'http_request.header.Authorization',
      });
      await service.update(id, { http_request: { url: 'https://new.example/' } });
      expect(await service.get(id)).toMatchObject({ http_request: { url: 'https://new.example/' } });
    });

    it('judges kept values against newly chosen event types, too', async () => {
      const headers = { Authorization: 'Bearer {{pnr}}' };
      const { id } = await service.create({ ...PLAIN, headers, event_types: ['OrderTicketed'] });
      const refused = service.update(id, { event_types: ['OrderCanceled'] });
      await expect(refused).rejects.toMatchObject({
        code: 'TEMPLATE_UNKNOWN_FIELD',
        path: 'header.Authorization',
      });
    });

    it('changes what it names, and counts the version up', async () => {
      const created = await service.create({
        ...PLAIN,
        metadata: { a: '1', b: '2' },
        limits: { concurrency: 2 },
      });
      const updated = await service.update(created.id, {
        uid: 'erp',
        metadata: { a: null },
        event_types: 'Order*',
      });
      expect(updated).toMatchObject({
        uid: 'erp',
        metadata: { b: '2' },
        event_types: ['Order*'],
        version: 2,
      });
      expect(updated).toMatchObject({ limits: { concurrency: 2 }, secrets: created.secrets });
      await expect(service.update(created.id, { version: 1 })).rejects.toMatchObject({
        code: 'SUBSCRIPTION_CONFLICT',
      });
    });

    it('loses none of the changes made at the same time', async () => {
      const { id } = await service.create(PLAIN);
      await Promise.all(['a', 'b', 'c'].map((name) => service.update(id, { metadata: { [name]: '1' } })));
      expect(await service.get(id)).toMatchObject({ metadata: { a: '1', b: '1', c: '1' }, version: 4 });
    });
  });

  describe('tenants', () => {
    it('neither see nor change each other’s', async () => {
      const mine = await service.create({ ...PLAIN, tenant: 'nube' });
      const scope = { tenant: 'sol' };
      const tries = [
        () => service.get(mine.id, scope),
        () => service.update(mine.id, { description: 'x' }, scope),
        () => service.delete(mine.id, scope),
        () => service.disable(mine.id, 'x', scope),
        () => service.pause(mine.id, scope),
      ];
      for (const attempt of tries)
        await expect(attempt()).rejects.toMatchObject({ code: 'SUBSCRIPTION_NOT_FOUND' });
      expect((await service.list(scope)).items).toEqual([]);
      expect(await service.get(mine.id, { tenant: 'nube' })).toMatchObject({ version: 1, state: 'enabled' });
    });

    it('get their list page by page, each subscription once', async () => {
      const ids: string[] = [];
      for (let count = 0; count < 5; count++)
        ids.push((await service.create({ ...PLAIN, tenant: 'nube' })).id);
      await service.create(PLAIN);
      const seen: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await service.list({ tenant: 'nube', limit: 2, cursor });
        seen.push(...page.items.map(({ id }) => id));
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(seen).toEqual(ids.sort());
      expect((await service.list()).items).toHaveLength(6);
    });

    it.each([
      ['limit', { limit: 251 }],
      ['limit', { limit: 0 }],
      ['cursor', { cursor: "sub_' OR 1=1" }],
      ['tenant', { tenant: null as unknown as string }],
    ])('get no list for a bad %s', async (path, query) => {
      await expect(service.list(query)).rejects.toMatchObject({ code: 'QUERY_INVALID', path });
    });
  });
});
