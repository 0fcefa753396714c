// A host with the REST API beside it. It asks itself, and tells what it answered.
import { SignedAccess, WebhooksApiModule } from '@nestjs-webhooks/api';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WebhooksModule } from 'nestjs-webhooks';
import { OrderPlaced } from './order-placed.mjs';

const access = new SignedAccess({ current: Buffer.alloc(32, 1).toString('base64') });

class AppModule {}
Module({
  imports: [
    WebhooksModule.forRoot({ egress: { allow: ['127.0.0.1/32'] } }),
    WebhooksModule.forFeature([OrderPlaced]),
    WebhooksApiModule.register({ access }),
  ],
})(AppModule);

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(0, '127.0.0.1');
const authorization = `Bearer ${access.issue({ tenant: 'a' })}`;

async function ask(path, body) {
  const headers = { authorization, ...(body && { 'content-type': 'application/json' }) };
  const request = { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) };
  const response = await fetch(`${await app.getUrl()}/webhooks${path}`, request);
  return { status: response.status, body: await response.json() };
}

const url = 'http://127.0.0.1:8080/hooks';
const types = await ask('/event-types');
const made = await ask('/subscriptions', { event_types: ['OrderPlaced'], url });
const refused = await ask('/subscriptions', { event_types: ['OrderPlaced'], url, http_request: {} });
const list = await ask('/subscriptions');
const document = await ask('/openapi.json');

await app.close();
console.log(
  JSON.stringify({
    statuses: [types, made, refused, list, document].map(({ status }) => status),
    listed: list.body.items.map(({ id }) => id === made.body.id),
    problem: refused.body.code,
    openapi: document.body.openapi,
    paths: Object.keys(document.body.paths).length,
    webhooks: Object.keys(document.body.webhooks),
  }),
);
