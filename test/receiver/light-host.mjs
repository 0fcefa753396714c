/**
 * A receiving application on the built package whose process refuses to load what only senders and databases need. Prints
 * the number of modules that were refused.
 */
import 'reflect-metadata';
import { register } from 'node:module';

const BARRED =
  /^(typeorm|@nestjs\/typeorm|axios|@nestjs\/axios|@nestjs\/event-emitter|eventemitter2|undici|liquidjs|class-validator|better-sqlite3|pg)(\/|$)/;
const hooks = `
  export async function resolve(specifier, context, next) {
    // Nest looks for the validator by itself, in whatever application.
    const isNest = /node_modules\\/@nestjs\\/(common|core)\\//.test(context.parentURL ?? '');
    if (!isNest && ${String(BARRED)}.test(specifier)) throw new Error('barred: ' + specifier);
    return next(specifier, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const { Module } = await import('@nestjs/common');
const { NestFactory } = await import('@nestjs/core');
const { WebhookReceiverModule } = await import('nestjs-webhooks/receiver');

class AppModule {}
Module({ imports: [WebhookReceiverModule.forRoot({ secrets: [process.env.SECRET] })] })(AppModule);
const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
await app.close();
const core = await import('nestjs-webhooks').catch((error) => error.message);
process.stdout.write(JSON.stringify({ booted: true, core }));
