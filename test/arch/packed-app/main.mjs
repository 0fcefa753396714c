// The smallest host there is: what a newcomer writes, in plain JavaScript.
import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SubscriptionsService, WebhooksModule, WebhooksService } from 'nestjs-webhooks';
import { OrderPlaced } from './order-placed.mjs';

class AppModule {}
Module({
  imports: [
    WebhooksModule.forRoot({ egress: { allow: ['127.0.0.1/32'] } }),
    WebhooksModule.forFeature([OrderPlaced]),
  ],
})(AppModule);

const receiver = createServer().listen(0, '127.0.0.1');
await once(receiver, 'listening');
const received = new Promise((resolve, reject) => {
  receiver.on('request', (request, response) => {
    request
      .toArray()
      .then((chunks) => resolve({ headers: request.headers, body: Buffer.concat(chunks).toString() }))
      .then(() => response.end(), reject);
  });
});

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
const url = `http://127.0.0.1:${receiver.address().port}/hooks`;
const { secret } = await app.get(SubscriptionsService).create({ event_types: ['*'], url });
const { id } = await app.get(WebhooksService).publish(new OrderPlaced('AGW-7'));

const { headers, body } = await received;
const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;

await app.close();
receiver.close();
// No process.exit: a handle that the package leaves open keeps this process alive, and the test notices.
console.log(
  JSON.stringify({
    id,
    webhookId: headers['webhook-id'],
    verified: headers['webhook-signature'].split(' ').includes(signature),
    body,
  }),
);
