/**
 * A receiving application on Fastify, in a process of its own, plain JavaScript on the built package: Jest cannot load parts
 * of Fastify. `RAW_BODY`: whether it keeps raw bodies. Prints its address. `GET /seen` tells what its handlers got and what
 * it logged since the last time.
 */
import 'reflect-metadata';
import { ConsoleLogger, Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { VerifiedWebhook, WebhookMessage, WebhookReceiverModule } from 'nestjs-webhooks/receiver';

const { SECRET, TENANT_SECRET, RAW_BODY, PARENT_PID } = process.env;

let seen = { received: [], log: '' };

class KeepingLogger extends ConsoleLogger {
  printMessages(messages) {
    for (const message of messages) seen.log += `${String(message?.stack ?? message)}\n`;
  }
}

class HooksController {
  failures = 1;

  receive(webhook) {
    seen.received.push(webhook);
    if (webhook.body?.fail && this.failures-- > 0) throw new Error('database down');
    return { ok: true };
  }

  receiveOfTenant(webhook) {
    return this.receive(webhook);
  }

  seen() {
    const told = seen;
    seen = { received: [], log: '' };
    return told;
  }
}

/** What TypeScript does with decorators. */
function decorate(method, ...decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(HooksController.prototype, method);
  for (const decorator of decorators) decorator(HooksController.prototype, method, descriptor);
}
const ofTenant = ({ params }) => (params.tenant === 'a' ? { name: 'a', secrets: [TENANT_SECRET] } : null);
const message = (type, method) => WebhookMessage()(type, method, 0);
decorate('receive', message, VerifiedWebhook(), Post('hooks'));
decorate('receiveOfTenant', message, VerifiedWebhook({ sender: ofTenant }), Post('tenants/:tenant'));
decorate('seen', Get('seen'));
Controller()(HooksController);

class AppModule {}
Module({
  imports: [WebhookReceiverModule.forRoot({ secrets: [SECRET] })],
  controllers: [HooksController],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter({ http: { maxHeaderSize: 400_000 } }), {
  rawBody: RAW_BODY === 'true',
  logger: new KeepingLogger({ logLevels: ['warn', 'error'] }),
});
if (RAW_BODY === 'true') app.useBodyParser('application/xml');
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
