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
import { PostgresDatabase } from '../storage/postgres.database.js';
import { SqliteDatabase } from '../storage/sqlite.database.js';
import { SubscriptionStore } from '../storage/subscription.store.js';
import { sqlFor, webhooksMigrations } from '../storage/webhooks.migrations.js';
import { EgressGuard } from '../transport/egress-guard.js';
import { KeyRing, type KeyRingOptions } from './key-ring.js';
import { SubscriptionIndex } from './subscription.index.js';
import { SubscriptionsService } from './subscriptions.service.js';

@WebhookEvent('OrderTicketed')
class OrderTicketed {
  @WebhookField({ example: 'YMCP6O' })
  @IsString()
  pnr!: string;
}

const KEY = randomBytes(32).toString('base64');
const API_KEY = 'k3y-of-the-mid-office';
const INPUT = {
  http_request: {
    url: 'https://hooks.example.com/{{pnr}}',
    header: { Authorization: 'Bearer {{ secrets.API_KEY }}' },
    json_body: { pin: '{{secrets.PIN}}' },
  },
  template_secrets: { API_KEY, PIN: 'p1n-4711' },
};
const MASKS = { API_KEY: '********', PIN: '********' };

describeDatabases('template secrets of a subscription', (database) => {
  let dataSource: DataSource;
  let store: SubscriptionStore;
  let index: SubscriptionIndex;
  let service: SubscriptionsService;
  const catalog = new EventCatalog();
  catalog.register([OrderTicketed]);

  function start(secrets: KeyRingOptions): SubscriptionsService {
    const clock = new SystemClock();
    const ring = new KeyRing(secrets);
    index = new SubscriptionIndex(store, catalog, ring);
    return new SubscriptionsService(store, index, catalog, new EgressGuard(), ring, clock);
  }

  async function secretsOf(id: string): Promise<unknown> {
    return (await index.current()).byId(id)!.templateSecrets;
  }

  async function rowOf(id: string): Promise<string> {
    const rows = (await dataSource.query(
      `SELECT template_secrets FROM webhooks_subscriptions WHERE id = '${id}'`,
    )) as [{ template_secrets: string }];
    return rows[0].template_secrets;
  }

  beforeAll(async () => {
    const options = await database.fresh();
    dataSource = await new DataSource({ ...options, migrations: webhooksMigrations() }).initialize();
    await dataSource.runMigrations();
    const Adapter = options.type === 'postgres' ? PostgresDatabase : SqliteDatabase;
    const sql = sqlFor(options.type, { tablePrefix: 'webhooks_' });
    store = new SubscriptionStore(new Adapter(dataSource, sql), new SystemClock());
  });
  beforeEach(async () => {
    await dataSource.query('DELETE FROM webhooks_subscriptions');
    service = start({ current: KEY });
  });
  afterAll(() => dataSource.destroy());

  it('are shown by name, stored as one ciphertext each, and had in clear by the sender alone', async () => {
    const created = await service.create(INPUT);
    expect(created.template_secrets).toEqual(MASKS);
    const row = JSON.parse(await rowOf(created.id)) as Record<string, string>;
    expect(Object.keys(row).sort()).toEqual(['API_KEY', 'PIN']);
    for (const sealed of Object.values(row)) expect(sealed).toMatch(/^v1\.[\w.-]+$/);
    expect(await secretsOf(created.id)).toEqual(INPUT.template_secrets);
    const live = (await index.current()).byId(created.id)!;
    const shown = [created, await service.get(created.id), await service.list(), live];
    for (const text of [JSON.stringify(shown), inspect(shown, { depth: 9 }), JSON.stringify(row)]) {
      expect(text).not.toContain(API_KEY);
      expect(text).not.toContain('p1n-4711');
    }
  });

  it('are added, replaced, kept and removed by name', async () => {
    const { id } = await service.create({
      ...INPUT,
      template_secrets: { ...INPUT.template_secrets, OLD: 'o' },
    });
    const template_secrets = { API_KEY: '********', PIN: 'new', OLD: null, MORE: 'm' };
    const updated = await service.update(id, { template_secrets });
    expect(updated.template_secrets).toEqual({ ...MASKS, MORE: '********' });
    expect(await secretsOf(id)).toEqual({ API_KEY, PIN: 'new', MORE: 'm' });
    const view = await service.get(id);
    await service.update(id, { ...view, description: 'sent back' } as object);
    expect(await secretsOf(id)).toEqual({ API_KEY, PIN: 'new', MORE: 'm' });
  });

  it.each<[string, object, Record<string, unknown>]>([
    [
      'a template that reads an unknown one',
      { template_secrets: { APIKEY: 'a', PIN: 'b' } },
      { code: 'TEMPLATE_UNKNOWN_FIELD', path: 'header.Authorization', suggestion: 'APIKEY' },
    ],
    ['no secrets at all', { template_secrets: null }, { code: 'TEMPLATE_UNKNOWN_FIELD' }],
    [
      'a mask',
      { template_secrets: { ...INPUT.template_secrets, PIN: '********' } },
      { code: 'SUBSCRIPTION_INVALID', path: 'template_secrets.PIN' },
    ],
  ])('are refused with %s', async (_name, more, expected) => {
    await expect(service.create({ ...INPUT, ...more })).rejects.toMatchObject(expected);
  });

  it('cannot be removed while the template reads them', async () => {
    const { id } = await service.create(INPUT);
    const removed = service.update(id, { template_secrets: { PIN: null } });
    await expect(removed).rejects.toMatchObject({ code: 'TEMPLATE_UNKNOWN_FIELD', path: 'json_body.pin' });
    expect(await secretsOf(id)).toEqual(INPUT.template_secrets);
  });

  it('do not follow the target to another origin, neither at once nor in two steps', async () => {
    const { id } = await service.create(INPUT);
    const { http_request } = INPUT;
    const url = 'https://evil.example/';
    const refused = { code: 'SUBSCRIPTION_INVALID', path: 'template_secrets.API_KEY' };
    const header = { Authorization: 'Bearer {{ secrets.API_KEY }}!' };
    for (const patch of [
      { http_request: { ...http_request, header, url } },
      { http_request: { url } },
      { http_request: { url }, template_secrets: { PIN: null } },
      { http_request: { url }, template_secrets: MASKS },
    ]) {
      await expect(service.update(id, patch)).rejects.toMatchObject(refused);
    }
    expect(await secretsOf(id)).toEqual(INPUT.template_secrets);
    await service.update(id, { http_request: { url }, template_secrets: { API_KEY: null, PIN: 'n' } });
    expect(await secretsOf(id)).toEqual({ PIN: 'n' });
  });

  it('stay readable after a rotation of the key, and are written with the new one', async () => {
    const { id } = await service.create(INPUT);
    const next = randomBytes(32).toString('base64');
    await start({ current: next, previous: [KEY] }).update(id, { description: 'saved again' });
    start({ current: next });
    expect(await secretsOf(id)).toEqual(INPUT.template_secrets);
  });

  it('that were moved to another name, or cannot be read, are a problem of their subscription', async () => {
    const { id } = await service.create(INPUT);
    const { API_KEY: one, PIN: other } = JSON.parse(await rowOf(id)) as Record<string, string>;
    const swapped = JSON.stringify({ API_KEY: other, PIN: one });
    await dataSource.query(`UPDATE webhooks_subscriptions SET template_secrets = '${swapped}'`);
    expect(await service.get(id)).toMatchObject({
      problem: { code: 'SECRET_UNDECRYPTABLE' },
      template_secrets: {},
    });
  });

  it('that are gone at boot break the template', async () => {
    const { id } = await service.create(INPUT);
    await dataSource.query(`UPDATE webhooks_subscriptions SET template_secrets = '{}'`);
    const log = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    const broken = await start({ current: KEY }).brokenTemplates();
    log.mockRestore();
    expect(broken).toEqual([
      expect.objectContaining({
        subscription_id: id,
        code: 'TEMPLATE_UNKNOWN_FIELD',
        path: 'header.Authorization',
      }),
    ]);
  });
});
