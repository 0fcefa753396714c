/**
 * A host application in a process of its own that sends what it finds in its database until its parent ends it by SIGTERM.
 * Plain JavaScript on the built package. `DELIVERY`: options, as JSON.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IsInt, IsString } from 'class-validator';
import { WebhookEvent, WebhookField, WebhooksModule } from 'nestjs-webhooks';

const { DATABASE, KEY, WORKER, DELIVERY } = process.env;

class OrderCreated {}
IsString()(OrderCreated.prototype, 'order_id');
WebhookField({ example: 'A' })(OrderCreated.prototype, 'order_id');
IsInt()(OrderCreated.prototype, 'total');
WebhookField({ example: 1 })(OrderCreated.prototype, 'total');
WebhookEvent('OrderCreated')(OrderCreated);

class HostModule {}
Module({
  imports: [
    TypeOrmModule.forRoot(JSON.parse(DATABASE)),
    WebhooksModule.forRoot({
      dataSource: 'default',
      secrets: { current: KEY },
      egress: { allow: ['127.0.0.1/32'] },
      userAgent: WORKER,
      delivery: JSON.parse(DELIVERY ?? '{}'),
    }),
    WebhooksModule.forFeature([OrderCreated]),
  ],
})(HostModule);

const app = await NestFactory.createApplicationContext(HostModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
process.stdout.write('ready\n');
// The parent ends this process.
setInterval(() => undefined, 1_000);
