import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import {
  Clock,
  SerialDataSource,
  SubscriptionsService,
  WebhooksModule,
  WebhooksService,
  webhooksMigrations,
} from 'nestjs-webhooks';
import { TestClock } from 'nestjs-webhooks/testing';
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
  readonly imports?: readonly (DynamicModule | Type)[];
  readonly providers?: readonly Provider[];
  readonly events?: readonly Type<object>[];
  readonly clock?: TestClock;
  /** Without turns for transactions on SQLite. */
  readonly plainDataSource?: boolean;
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
  close(): Promise<void>;
}

function typeOrm(database: TestDatabaseOptions, plain: boolean): DynamicModule {
  const serial = database.type === 'better-sqlite3' && !plain;
  return TypeOrmModule.forRootAsync({
    useFactory: () => ({
      ...database,
      entities: [OrderEntity],
      migrations: webhooksMigrations(),
      migrationsRun: true,
    }),
    dataSourceFactory: async (options) => {
      const dataSource = serial ? new SerialDataSource(options!) : new DataSource(options!);
      return dataSource.initialize();
    },
  });
}

/** Boots a real Nest application on a database, with an order table of its own. */
export async function startHost(database: TestDatabaseOptions, options: HostOptions = {}): Promise<Host> {
  const clock = options.clock ?? new TestClock();
  const logger = new RecordingLogger();

  @Module({
    imports: [
      typeOrm(database, options.plainDataSource ?? false),
      WebhooksModule.forRoot({
        dataSource: 'default',
        secrets: { current: TEST_KEY },
        egress: { allow: LOOPBACK },
        ...options.webhooks,
      }),
      WebhooksModule.forFeature(options.events ?? EVENTS),
      ...(options.imports ?? []),
    ],
    providers: [...(options.providers ?? [])],
  })
  class HostModule {}

  const module = await Test.createTestingModule({ imports: [HostModule] })
    .overrideProvider(Clock)
    .useValue(clock)
    .setLogger(logger)
    .compile();
  const dataSource = module.get<DataSource>(getDataSourceToken());
  await dataSource.query(
    'CREATE TABLE IF NOT EXISTS test_orders (id text PRIMARY KEY, tenant text, total int)',
  );
  await module.init();
  return {
    webhooks: module.get(WebhooksService, { strict: false }),
    subscriptions: module.get(SubscriptionsService, { strict: false }),
    dataSource,
    clock,
    logger,
    get: (token) => module.get(token, { strict: false }),
    orders: async () => {
      const rows = await dataSource.getRepository(OrderEntity).find({ order: { id: 'ASC' } });
      return rows.map(({ id }) => id);
    },
    count: async (table, where = 'true') => {
      const rows = (await dataSource.query(`SELECT count(*) AS n FROM webhooks_${table} WHERE ${where}`)) as [
        { n: unknown },
      ];
      return Number(rows[0].n);
    },
    close: () => module.close(),
  };
}
