import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import {
  SerialDataSource,
  SubscriptionsService,
  WebhooksModule,
  WebhooksService,
  WebhookTransport,
  webhooksMigrations,
} from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { NOTICE } from './order-bodies.mjs';
import { OrderTicketed } from './order-event.mjs';

const KEY = Buffer.alloc(32, 7).toString('base64');

/** The host's own table: what a transaction is about. */
export const BUSINESS_TABLE =
  'CREATE TABLE IF NOT EXISTS bench_orders (id text PRIMARY KEY, total bigint NOT NULL, data text)';

/** Statements on that table, with the placeholders of the database. */
export function businessInserts(dataSource) {
  const [first, second] = dataSource.options.type === 'postgres' ? ['$1', '$2'] : ['?', '?'];
  return {
    plain: `INSERT INTO bench_orders (id, total) VALUES (${first}, 41235)`,
    large: `INSERT INTO bench_orders (id, total, data) VALUES (${first}, 41235, ${second})`,
  };
}

/**
 * Durable on both databases: SQLite syncs its log with every commit, as PostgreSQL does, unless `synchronous` says otherwise.
 * NORMAL is what the driver itself takes for WAL: safe against a crash of the process, not against a power failure.
 */
export function durable({ synchronous = 'FULL', ...database }) {
  if (database.type === 'postgres') return database;
  const prepareDatabase = (handle) => void handle.pragma(`synchronous = ${synchronous}`);
  return { ...database, enableWAL: true, prepareDatabase };
}

/** A Nest application as a host writes it, with the module's default options; only loopback is allowed besides. */
export async function openHost({ database, dispatch = true, delivery }) {
  const typeOrm = TypeOrmModule.forRootAsync({
    useFactory: () => ({
      ...durable(database),
      migrations: webhooksMigrations(),
      migrationsRun: true,
    }),
    dataSourceFactory: (options) =>
      new (options.type === 'postgres' ? DataSource : SerialDataSource)(options).initialize(),
  });
  const webhooks = WebhooksModule.forRoot({
    limits: { subscriptionsPerTenant: 10_000 },
    dataSource: 'default',
    secrets: { current: KEY },
    egress: { allow: ['127.0.0.1/32'] },
    ...(dispatch ? {} : { dispatch }),
    ...(delivery ? { delivery } : {}),
  });
  class HostModule {}
  Module({ imports: [typeOrm, webhooks, WebhooksModule.forFeature([OrderTicketed])] })(HostModule);

  const app = await NestFactory.createApplicationContext(HostModule, { logger: ['error', 'warn'] });
  const dataSource = app.get(getDataSourceToken());
  await dataSource.query(BUSINESS_TABLE);
  return {
    dataSource,
    inserts: businessInserts(dataSource),
    webhooks: app.get(WebhooksService, { strict: false }),
    subscriptions: app.get(SubscriptionsService, { strict: false }),
    transport: app.get(WebhookTransport, { strict: false }),
    part: (token) => app.get(token, { strict: false }),
    hidden: (name) => providerCalled(app, name),
    close: () => app.close(),
  };
}

/** Something that the package keeps to itself, by the name of its class. */
function providerCalled(app, name) {
  const providers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.providers.values(),
  ]);
  return providers.find(({ token }) => token.name === name).instance;
}

/** The tenant whose only subscriber is the endpoint of this number. */
export function tenantOf(endpoint) {
  return `tenant-${endpoint}`;
}

/** The request as a subscriber of a booking platform writes it down. */
export function noticeTo(port) {
  const url = `http://127.0.0.1:${port}/webhooks`;
  return { http_request: { url, header: { Authorization: 'Basic YourPassword' }, json_body: NOTICE } };
}

/** The whole event in the standard body. */
export function envelopeTo(port) {
  return { url: `http://127.0.0.1:${port}/webhooks` };
}

/** One tenant with one subscription for each endpoint. */
export async function subscribeEndpoints(subscriptions, ports, target = noticeTo) {
  for (const [endpoint, port] of ports.entries()) {
    const tenant = tenantOf(endpoint);
    await subscriptions.create({ tenant, event_types: ['OrderTicketed'], ...target(port) });
  }
}

/** Rows of a table, as a number. */
export async function countRows(dataSource, from) {
  const [row] = await dataSource.query(`SELECT count(*) AS n FROM ${from}`);
  return Number(row.n);
}
