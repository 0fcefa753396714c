import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { bookingConfig } from '../config.js';
import { seed } from '../database/seed.js';
import { arrivalsOf } from './arrival.js';
import { ArrivalView } from './arrival-view.js';
import { lastingDatabase } from './demo-database.js';
import { interruption } from './interruption.js';
import type { Terminal } from './terminal.js';
import { FAILING_PATH, whatToTry } from './try-it.js';

const FAILING_ANSWERS = [500, 503, 204] as const;
const OK = 204;

/** Keeps the app and a receiver running until Ctrl-C; resolves to the exit code. */
export async function serveDemo(terminal: Terminal, env: NodeJS.ProcessEnv): Promise<number> {
  const database = await lastingDatabase(env);
  const waits = { BOOKING_RETRY_SCHEDULE: env['BOOKING_RETRY_SCHEDULE'] ?? '2000,4000,8000,60000' };
  const config = bookingConfig({ ...env, ...waits, ...database.env, BOOKING_ALLOW_LOOPBACK: '1' });
  const app = await NestFactory.create(AppModule.forRoot(config), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  await seed(app.get(DataSource));
  const receiver = await listen(app, config.port);
  printArrivals(receiver, terminal);
  terminal.say(whatToTry({ app: await app.getUrl(), receiver: receiver.url(''), paint: terminal.paint }));
  terminal.say(`\n${terminal.paint.dim(`Database: ${database.label}. Ctrl-C ends.`)}`);
  await interruption();
  await app.close();
  await receiver.close();
  terminal.say(`\nStopped. ${database.again}`);
  return 0;
}

async function listen(app: INestApplication, port: number): Promise<WebhookReceiver> {
  try {
    await app.listen(port, '127.0.0.1');
    return await WebhookReceiver.start({ port: port === 0 ? 0 : port + 1 });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const message = `Port ${port} or ${port + 1} is taken. Choose another: PORT=4000 npm run demo -- --serve`;
    throw new Error(message, { cause: error });
  }
}

function printArrivals(receiver: WebhookReceiver, terminal: Terminal): void {
  const view = new ArrivalView(terminal);
  receiver.answer(FAILING_PATH, ...FAILING_ANSWERS);
  receiver.onRequest((request) => {
    if (!request.headers['webhook-signature']) {
      return terminal.say(terminal.paint.dim(`\n  ◀ ${request.method} ${request.path}  is no webhook`));
    }
    const arrival = arrivalsOf(receiver.requests).at(-1);
    if (!arrival) return;
    const fails = request.path === FAILING_PATH;
    const answered = fails ? (FAILING_ANSWERS[arrival.attempt - 1] ?? OK) : OK;
    // Every event has to fail twice, not only the first one.
    if (fails && answered === OK) receiver.answer(FAILING_PATH, ...FAILING_ANSWERS);
    view.show(arrival, { genuine: null, answered });
  });
}
