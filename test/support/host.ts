import type { DynamicModule, INestApplication, Provider, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import type { WebhooksModuleOptions, WebhooksTableOptions } from 'nestjs-webhooks';
import {
  Clock,
  SerialDataSource,
  SubscriptionsService,
  WebhooksModule,
  WebhooksService,
  webhooksMigrations,
} from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
import type { Logger } from 'typeorm';
import { DataSource } from 'typeorm';
import type { TestDatabaseOptions } from './databases.js';
import { EVENTS, OrderEntity } from './order-events.js';
import { RecordingLogger } from './recording.logger.js';

/** A key for tests. */
export const TEST_KEY = Buffer.alloc(32, 7).toString('base64');

/** Loopback is where the tests' receivers are. */
export const LOOPBACK = ['127.0.0.1/32'];

/** How a test's host application differs from the plain one. */
export interface HostOptions {
  readonly webhooks?: WebhooksModuleOptions;
  /** Instead of the module that the host makes with `webhooks`. */
  readonly webhooksModule?: DynamicModule;
  readonly imports?: readonly (DynamicModule | Type)[];
  readonly providers?: readonly Provider[];
  readonly controllers?: readonly Type[];
  readonly events?: readonly Type<object>[];
  readonly clock?: TestClock;
  /** Without turns for transactions on SQLite. */
  readonly plainDataSource?: boolean;
  /** Where the migrations make the module's tables; false: nowhere. */
  readonly tables?: WebhooksTableOptions | false;
  /** Told every statement that reaches the database. */
  readonly onStatement?: (sql: string) => void;
}

/** A running host application and the parts that tests speak to. */
export interface Host {
  readonly webhooks: WebhooksService;
  readonly subscriptions: SubscriptionsService;
  readonly dataSource: DataSource;
  readonly clock: TestClock;
  readonly logger: RecordingLogger;
  get<T>(token: Type<T>): T;
  /** Business rows that are committed. */
  orders(): Promise<string[]>;
  /** Number of rows of one of the module's tables. */
  count(table: string, where?: string): Promise<number>;
  /** Opens a port for the host's controllers and gives its address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

function typeOrm(database: TestDatabaseOptions, options: HostOptions, opened: DataSource[]): DynamicModule {
  const { tables = {}, onStatement } = options;
  const serial = database.type === 'better-sqlite3' && !options.plainDataSource;
  return TypeOrmModule.forRootAsync({
    useFactory: () => ({
      ...database,
      ...(onStatement && statementsTo(database.type, onStatement)),
      entities: [OrderEntity],
      migrations: tables ? webhooksMigrations(tables) : [],
      migrationsRun: true,
      retryAttempts: 0,
    }),
    dataSourceFactory: async (given) => {
      const dataSource = serial ? new SerialDataSource(given!) : new DataSource(given!);
      opened.push(dataSource);
      return dataSource.initialize();
    },
  });
}

/** Boots a real Nest application on a database, with an order table of its own. */
export async function startHost(database: TestDatabaseOptions, options: HostOptions = {}): Promise<Host> {
  const clock = options.clock ?? new TestClock();
  const logger = new RecordingLogger();
  const opened: DataSource[] = [];
  try {
    const app = await boot(hostModule(database, options, opened), { clock, logger });
    return hostOf(app, { clock, logger, table: tableNamer(options) });
  } catch (error) {
    // Nest closes nothing of an application that does not boot.
    for (const dataSource of opened) if (dataSource.isInitialized) await dataSource.destroy();
    throw error;
  }
}

function hostModule(database: TestDatabaseOptions, options: HostOptions, opened: DataSource[]): Type {
  @Module({
    imports: [
      typeOrm(database, options, opened),
      options.webhooksModule ??
        WebhooksModule.forRoot({
          dataSource: 'default',
          secrets: { current: TEST_KEY },
          egress: { allow: LOOPBACK },
          // Many a test subscribes more than strangers may.
          limits: { subscriptionsPerTenant: 10_000 },
          ...options.webhooks,
        }),
      WebhooksModule.forFeature(options.events ?? EVENTS),
      ...(options.imports ?? []),
    ],
    providers: [...(options.providers ?? [])],
    controllers: [...(options.controllers ?? [])],
  })
  class HostModule {}
  return HostModule;
}

interface Observers {
  readonly clock: TestClock;
  readonly logger: RecordingLogger;
}

async function boot(hostModule: Type, { clock, logger }: Observers): Promise<INestApplication> {
  const module = await Test.createTestingModule({ imports: [hostModule] })
    .overrideProvider(Clock)
    .useValue(clock)
    .setLogger(logger)
    .compile();
  const dataSource = module.get<DataSource>(getDataSourceToken());
  await dataSource.query(
    'CREATE TABLE IF NOT EXISTS test_orders (id text PRIMARY KEY, tenant text, total int)',
  );
  const app = module.createNestApplication();
  return app.init();
}

function hostOf(
  app: INestApplication,
  { clock, logger, table }: Observers & { table: (name: string) => string },
): Host {
  const dataSource = app.get<DataSource>(getDataSourceToken());
  let closing: Promise<void> | undefined;
  return {
    webhooks: app.get(WebhooksService, { strict: false }),
    subscriptions: app.get(SubscriptionsService, { strict: false }),
    dataSource,
    clock,
    logger,
    get: (token) => app.get(token, { strict: false }),
    orders: async () => {
      const rows = await dataSource.getRepository(OrderEntity).find({ order: { id: 'ASC' } });
      return rows.map(({ id }) => id);
    },
    count: async (name, where = 'true') => {
      const rows = (await dataSource.query(`SELECT count(*) AS n FROM ${table(name)} WHERE ${where}`)) as [
        { n: unknown },
      ];
      return Number(rows[0].n);
    },
    listen: async () => {
      await app.listen(0, '127.0.0.1');
      return app.getUrl();
    },
    close: () => (closing ??= app.close()),
  };
}

function tableNamer({ webhooks = {} }: HostOptions): (name: string) => string {
  const schema = webhooks.schema === undefined ? '' : `${webhooks.schema}.`;
  return (name) => `${schema}${webhooks.tablePrefix ?? 'webhooks_'}${name}`;
}

// The module's statements on SQLite go past TypeORM, so they are heard at the driver.
function statementsTo(type: TestDatabaseOptions['type'], listener: (sql: string) => void): object {
  if (type === 'better-sqlite3') return { verbose: (sql: unknown) => listener(String(sql)) };
  const nothing = (): void => undefined;
  const logger: Logger = {
    logQuery: listener,
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  };
  return { logging: true, logger };
}
