/**
 * A host application in a process of its own that commits and sends one order under each poison, one after the other.
 * Plain JavaScript on the built package. `SENDER`: `naive` replaces its transport by axios as it
 * comes, `intercepted` gives it an interceptor, so that all of axios is passed through. `ONLY`: a pattern of poisons' names.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import axios from 'axios';
import { IsInt, IsString } from 'class-validator';
import * as library from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { poisons } from './poisons.mjs';

const { DATABASE, KEY, URL: url, SENDER, ONLY } = process.env;
const { SerialDataSource, WebhookEvent, WebhookField, WebhookTransport, WebhooksModule, WebhooksService } =
  library;

class OrderCreated {}
IsString()(OrderCreated.prototype, 'order_id');
WebhookField({ example: 'A' })(OrderCreated.prototype, 'order_id');
IsInt()(OrderCreated.prototype, 'total');
WebhookField({ example: 1 })(OrderCreated.prototype, 'total');
WebhookEvent('OrderCreated')(OrderCreated);

const database = JSON.parse(DATABASE);
const migrations = library.webhooksMigrations({});

class HostModule {}
Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => ({ ...database, migrations, migrationsRun: true }),
      dataSourceFactory: (options) =>
        (database.type === 'postgres' ? new DataSource(options) : new SerialDataSource(options)).initialize(),
    }),
    WebhooksModule.forRoot({
      dataSource: 'default',
      secrets: { current: KEY },
      egress: { allow: ['127.0.0.1/32'] },
      delivery: { timeout: 5_000 },
    }),
    WebhooksModule.forFeature([OrderCreated]),
  ],
})(HostModule);

async function naive({ method, url, headers, body, timeoutMs }) {
  try {
    const response = await axios.request({ method, url, headers, data: body, timeout: timeoutMs });
    return { status: response.status, error: null, detail: null, headers: {}, body: '', durationMs: 0 };
  } catch (error) {
    return {
      status: null,
      error: 'CONNECTION_RESET',
      detail: String(error),
      headers: {},
      body: '',
      durationMs: 0,
    };
  }
}

const app = await NestFactory.createApplicationContext(HostModule, { logger: ['error', 'warn'] });
const [webhooks, subscriptions] = [app.get(WebhooksService), app.get(library.SubscriptionsService)];
const transport = app.get(WebhookTransport);
if (SENDER === 'naive') transport.send = naive;
if (SENDER === 'intercepted') transport.httpService.axiosRef.interceptors.request.use((config) => config);
await subscriptions.create({
  event_types: ['OrderCreated'],
  http_request: {
    method: 'POST',
    url,
    header: { 'x-own': 'own' },
    json_body: { order: '{{order_id}}', total: '{{total}}' },
  },
});

const done = [];
const chosen = poisons(axios).filter(({ name }) => new RegExp(ONLY ?? '').test(name));
for (const [index, { name, apply, undo }] of chosen.entries()) {
  const order_id = `P-${String(index).padStart(3, '0')}`;
  const event = Object.assign(new OrderCreated(), { order_id, total: 1 });
  let failure = null;
  apply();
  try {
    await webhooks.transaction(() => webhooks.publish(event));
    await webhooks.drain();
  } catch (error) {
    failure = String(error?.stack ?? error);
  }
  undo();
  done.push({ name, order_id, failure });
}
process.stdout.write(JSON.stringify(done));
await app.close();
