/**
 * A host application in a process of its own that commits one order with its event and is then killed, like by `kill -9`,
 * at the moment that KILL names: `after-commit`, before anything was handed over, or `in-flight`, while the request is
 * under way (the receiver says when, by the parent's signal). Plain JavaScript on the built package.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { IsString } from 'class-validator';
import { WebhookEvent, WebhookField, WebhooksModule, WebhooksService } from 'nestjs-webhooks';

const { DATABASE, KEY, KILL } = process.env;

class OrderCreated {}
IsString()(OrderCreated.prototype, 'order_id');
WebhookField({ example: 'A' })(OrderCreated.prototype, 'order_id');
WebhookEvent('OrderCreated')(OrderCreated);

class HostModule {}
Module({
  imports: [
    TypeOrmModule.forRoot(JSON.parse(DATABASE)),
    WebhooksModule.forRoot({
      dataSource: 'default',
      secrets: { current: KEY },
      egress: { allow: ['127.0.0.1/32'] },
    }),
    WebhooksModule.forFeature([OrderCreated]),
  ],
})(HostModule);

const app = await NestFactory.createApplicationContext(HostModule, { logger: false });
const dataSource = app.get(getDataSourceToken());

if (KILL === 'after-commit') {
  // First in the list: the module's own hook, which hands over, does not run any more.
  dataSource.subscribers.unshift({ afterTransactionCommit: () => process.kill(process.pid, 'SIGKILL') });
}

await app.get(WebhooksService).transaction(async (manager) => {
  await manager.query(`INSERT INTO test_orders (id, tenant, total) VALUES ('A', 'default', 1)`);
  await app.get(WebhooksService).publish(Object.assign(new OrderCreated(), { order_id: 'A' }));
});
// The parent ends this process.
setInterval(() => undefined, 1_000);
