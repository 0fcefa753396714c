/**
 * The API on Fastify with a global prefix, in a process of its own, plain JavaScript on the built packages: Jest cannot load parts
 * of Fastify. Prints its address.
 */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { SignedAccess, WebhooksApiModule } from '@nestjs-webhooks/api';
import { WebhookEvent, WebhookField, WebhooksModule } from 'nestjs-webhooks';

const { DATABASE_FILE, KEY, PARENT_PID } = process.env;

class OrderCreated {}
WebhookField({ example: 'AGW-1', nullable: true })(OrderCreated.prototype, 'order_id');
WebhookEvent('OrderCreated')(OrderCreated);

class AppModule {}
Module({
  imports: [
    WebhooksModule.forRoot({ database: DATABASE_FILE, egress: { allow: ['127.0.0.1/32'] } }),
    WebhooksModule.forFeature([OrderCreated]),
    WebhooksApiModule.register({ access: new SignedAccess({ current: KEY }) }),
  ],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error'] });
app.setGlobalPrefix('api');
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
// A parent that is gone ends this process no more.
setInterval(() => {
  try {
    process.kill(Number(PARENT_PID), 0);
  } catch {
    process.exit(1);
  }
}, 1_000).unref();
