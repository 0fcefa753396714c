import { IsOptional, IsString } from 'class-validator';
import type { PublishOptions, WebhooksOptions } from 'nestjs-webhooks';
import { WebhookEvent, WebhookField, WebhooksModule, webhooksMigrations } from 'nestjs-webhooks';
import type { QueryRunner } from 'typeorm';
import { DataSource } from 'typeorm';
import { describeDatabases } from '../support/databases.js';
import { LOOPBACK, TEST_KEY } from '../support/host.js';
import { EVENTS, OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

@WebhookEvent('NoteWritten')
class NoteWritten {
  @WebhookField({ example: 'A note' })
  @IsOptional()
  @IsString()
  text?: string;
}

@WebhookEvent('NoteWritten')
class AnotherNote extends NoteWritten {}

class NoEvent {}

const note = (text: string): NoteWritten => Object.assign(new NoteWritten(), { text });
/** JSON of exactly so many bytes. */
const noteOf = (bytes: number): NoteWritten => note('x'.repeat(bytes - '{"text":""}'.length));

describeDatabases('publish refuses', (database) => {
  const stage = useStage(database);

  const refused = async (event: object, options: PublishOptions, error: object): Promise<void> => {
    const host = await stage.host({ events: [...EVENTS, NoteWritten] });
    await stage.subscribe(host);

    await expect(host.webhooks.publish(event, options)).rejects.toMatchObject(error);
    const inTransaction = host.webhooks.transaction(() => host.webhooks.publish(event, options));
    await expect(inTransaction).rejects.toMatchObject(error);

    expect(await stage.arrivedOrders(host)).toEqual([]);
    expect(await host.count('events')).toBe(0);
  };

  it('an invalid event, with the path of what is wrong', async () => {
    await refused(
      OrderCreated.of('A', 1.5),
      {},
      {
        code: 'EVENT_INVALID',
        eventType: 'OrderCreated',
        issues: [{ path: 'total', message: expect.stringContaining('integer') as unknown }],
      },
    );
  });

  it('an event of a class that is not registered, naming it', async () => {
    await refused(
      new NoEvent(),
      {},
      { code: 'UNKNOWN_EVENT_TYPE', message: expect.stringMatching(/forFeature\(\[NoEvent\]\)/) as unknown },
    );
  });

  it('a plain object', async () => {
    await refused(
      { order_id: 'A', total: 1 },
      {},
      { code: 'UNKNOWN_EVENT_TYPE', message: expect.stringContaining('plain object') as unknown },
    );
  });

  it('a payload of more than 256 kB', async () => {
    await refused(noteOf(256 * 1024 + 1), {}, { code: 'EVENT_TOO_LARGE', bytes: 256 * 1024 + 1 });
  });

  it.each<[string, keyof PublishOptions, PublishOptions]>([
    ['an empty tenant', 'tenant', { tenant: '' }],
    ['a tenant of 256 characters', 'tenant', { tenant: 'x'.repeat(256) }],
    ['a number for a tenant', 'tenant', { tenant: 12 as never }],
    ['a subject with a NUL', 'subject', { subject: 'order:\u0000' }],
    ['an empty subject', 'subject', { subject: '' }],
    ['a key of two lines', 'idempotencyKey', { idempotencyKey: 'two\nlines' }],
    ['a key with half a character', 'idempotencyKey', { idempotencyKey: '\ud800' }],
    ['an impossible date', 'occurredAt', { occurredAt: new Date(Number.NaN) }],
  ])('%s', async (_title, path, options) => {
    await refused(OrderCreated.of('A'), options, {
      code: 'EVENT_INVALID',
      issues: [{ path, message: expect.any(String) as unknown }],
    });
  });

  it('nothing of 256 kB, of text that SQL or JSON might trip over, or of a long subject', async () => {
    const host = await stage.host({ events: [...EVENTS, NoteWritten] });
    await host.webhooks.publish(noteOf(256 * 1024));
    await host.webhooks.publish(note(`'; DROP TABLE "x" -- \u0000 \ud800 \\u0000 $1 ?`), {
      subject: 'ü'.repeat(255),
      tenant: "o'hara",
      idempotencyKey: '{"a":1}',
    });

    expect(await host.count('events')).toBe(2);
  });
});

describeDatabases('an application does not boot', (database) => {
  const stage = useStage(database);

  it('without the tables, and is told which migrations to add', async () => {
    await expect(stage.host({ tables: false })).rejects.toMatchObject({
      code: 'TABLES_MISSING',
      message: expect.stringContaining('...webhooksMigrations()') as unknown,
    });
  });

  it('with tables under another prefix', async () => {
    const boot = stage.host({ tables: { tablePrefix: 'other_' } });

    await expect(boot).rejects.toMatchObject({
      code: 'TABLES_MISSING',
      message: expect.stringContaining('webhooks_') as unknown,
    });
  });

  it('with tables of an older version', async () => {
    const dataSource = await new DataSource({
      ...stage.options,
      migrations: webhooksMigrations(),
      migrationsRun: true,
    }).initialize();
    await dataSource.query(`UPDATE webhooks_meta SET value = 0 WHERE name = 'schema'`);
    await dataSource.destroy();

    await expect(stage.host()).rejects.toMatchObject({
      code: 'TABLES_MISSING',
      message: expect.stringContaining('version 0') as unknown,
    });
  });
});

describeDatabases(
  'an application does not boot',
  (database) => {
    const stage = useStage(database);

    const boot = (options: WebhooksOptions): Promise<unknown> =>
      stage.host({
        webhooksModule: WebhooksModule.forRoot({ dataSource: 'default', ...options }),
      });

    it('with two classes of one event name, and is told both', async () => {
      const work = stage.host({ events: [NoteWritten, AnotherNote] });

      await expect(work).rejects.toMatchObject({
        code: 'CATALOG_INVALID',
        message: expect.stringMatching(/NoteWritten.*AnotherNote/) as unknown,
      });
    });

    it("without a key on the host's data source", async () => {
      await expect(boot({})).rejects.toMatchObject({ code: 'SECRET_KEY_MISSING' });
    });

    it.each([
      ['too short', 'c2hvcnQ=', 'has 5 bytes'],
      ['not base64', 'not base64!', 'is not base64'],
      ['missing from the environment', undefined as never, 'is missing'],
    ])('with a key that is %s, and the message does not repeat it', async (_title, current, problem) => {
      const error = await boot({ secrets: { current } }).catch((reason: unknown) => reason as Error);

      expect(error).toMatchObject({ code: 'SECRET_KEY_INVALID', path: 'secrets.current' });
      expect((error as Error).message).toContain(problem);
      expect((error as Error).message).not.toContain(String(current));
    });

    it('with a lease that ends while an attempt may be under way', async () => {
      const work = boot({ secrets: 'plaintext', delivery: { timeout: 15_000, lease: 19_999 } });

      await expect(work).rejects.toMatchObject({ code: 'OPTIONS_INVALID', option: 'delivery.lease' });
    });

    it.each([
      ['delivery.concurrency', { concurrency: 0 }],
      ['delivery.timeout', { timeout: Number.NaN }],
      ['delivery.window', { window: Infinity }],
      ['delivery.retrySchedule[1]', { retrySchedule: [1_000, -1] }],
    ])('with a %s that is no number above 0', async (option, delivery) => {
      await expect(boot({ secrets: 'plaintext', delivery })).rejects.toMatchObject({
        code: 'OPTIONS_INVALID',
        option,
      });
    });

    it('with structure from an async factory, where it would have no effect', async () => {
      const webhooksModule = WebhooksModule.forRootAsync({
        dataSource: 'default',
        useFactory: () => ({ secrets: { current: TEST_KEY }, tablePrefix: 'mine_' }),
      });

      await expect(stage.host({ webhooksModule })).rejects.toMatchObject({
        code: 'OPTIONS_INVALID',
        option: 'tablePrefix',
      });
    });

    it('with a data source that does not exist', async () => {
      const webhooksModule = WebhooksModule.forRoot({ dataSource: 'reporting', secrets: 'plaintext' });

      await expect(stage.host({ webhooksModule })).rejects.toThrow('reporting');
    });

    it('on a database that is not supported, and is told which are', async () => {
      const [Migration] = webhooksMigrations();
      const runner = { connection: { options: { type: 'mysql' } } } as QueryRunner;

      await expect(new Migration!().up(runner)).rejects.toMatchObject({
        code: 'DATABASE_UNSUPPORTED',
        message: expect.stringMatching(/"mysql".*"postgres" or "better-sqlite3"/) as unknown,
      });
    });

    it('but does with values from an async factory', async () => {
      const webhooksModule = WebhooksModule.forRootAsync({
        dataSource: 'default',
        useFactory: async () => ({ secrets: { current: TEST_KEY }, egress: { allow: LOOPBACK } }),
      });
      const host = await stage.host({ webhooksModule });
      await stage.subscribe(host);

      await host.webhooks.publish(OrderCreated.of('A'));

      expect(await stage.arrivedOrders(host)).toEqual(['A']);
    });
  },
  'sqlite',
);
