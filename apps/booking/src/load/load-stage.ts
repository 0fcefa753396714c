import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SubscriptionsService } from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { bookingConfig } from '../config.js';
import { seedWorld, SELLERS } from '../database/seed-world.js';
import type { DemoDatabase } from '../demo/demo-database.js';
import { freshDatabase } from '../demo/demo-database.js';
import { OrderCancellationService } from '../orders/order-cancellation.service.js';
import { OrderCreationService } from '../orders/order-creation.service.js';
import { OrderTicketingService } from '../orders/order-ticketing.service.js';
import { ABOUT, LoadReceiver, MANNERS } from './load-receiver.js';
import type { Counter } from './order-stream.js';

const RETRY_WAITS = '200,400,800,2000,5000,10000';
/** Enough for a receiver that takes its time. */
const CONCURRENCY = 64;

/** The booking app in a database of its own, and receivers that every customer has subscribed. */
export class LoadStage {
  readonly counter: Counter;

  private constructor(
    readonly database: DemoDatabase,
    private readonly app: INestApplication,
    readonly receivers: readonly LoadReceiver[],
  ) {
    this.counter = {
      creation: app.get(OrderCreationService),
      ticketing: app.get(OrderTicketingService),
      cancellation: app.get(OrderCancellationService),
    };
  }

  /** Starts everything; `url` names a PostgreSQL to use instead of a SQLite file. */
  static async open(url: string | undefined): Promise<LoadStage> {
    const database = await freshDatabase(url);
    try {
      const env = { BOOKING_ALLOW_LOOPBACK: '1', BOOKING_RETRY_SCHEDULE: RETRY_WAITS, ...database.env };
      const module = AppModule.forRoot(bookingConfig(env));
      const app = await NestFactory.create(module, { logger: ['error', 'warn'], abortOnError: false });
      await app.init();
      await seedWorld(app.get(DataSource));
      const receivers = await Promise.all(MANNERS.map((manner) => LoadReceiver.start(manner)));
      await subscribe(app.get(SubscriptionsService), receivers);
      return new LoadStage(database, app, receivers);
    } catch (error) {
      await database.remove();
      throw error;
    }
  }

  /** Ends the app and the receivers, and removes the database. */
  async close(): Promise<void> {
    try {
      await this.app.close();
      for (const receiver of this.receivers) await receiver.close();
    } finally {
      await this.database.remove();
    }
  }
}

async function subscribe(
  subscriptions: SubscriptionsService,
  receivers: readonly LoadReceiver[],
): Promise<void> {
  const header = { [ABOUT]: '{{event_type}} {{agw_id}}' };
  for (const { consumer } of SELLERS) {
    for (const { url, manner } of receivers) {
      await subscriptions.create({
        tenant: consumer.id,
        description: manner.about,
        event_types: ['OrderCreated', 'OrderTicketed', 'OrderCanceled'],
        http_request: { url, header },
        limits: { concurrency: CONCURRENCY },
      });
    }
  }
}
