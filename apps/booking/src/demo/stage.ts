import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WebhooksService } from 'nestjs-webhooks';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { bookingConfig } from '../config.js';
import { seed } from '../database/seed.js';
import { BookingClock } from '../system/booking-clock.js';
import { BookingClient } from './booking-client.js';
import type { DemoDatabase } from './demo-database.js';
import { freshDatabase } from './demo-database.js';
import type { StoryClock } from './demo-system.module.js';
import { DemoSystemModule } from './demo-system.module.js';

/** Waits between attempts in milliseconds; the library varies each by ±20 %. */
export const RETRY_WAITS = [400, 800] as const;

/** The running booking app, a receiver that is a server of its own, and an empty database. */
export class Stage {
  readonly api: BookingClient;
  readonly clock: StoryClock;
  readonly webhooks: WebhooksService;
  private readonly dataSource: DataSource;

  private constructor(
    readonly database: DemoDatabase,
    readonly receiver: WebhookReceiver,
    private readonly app: INestApplication,
    readonly appUrl: string,
  ) {
    this.api = new BookingClient(appUrl);
    this.clock = app.get<StoryClock>(BookingClock);
    this.webhooks = app.get(WebhooksService);
    this.dataSource = app.get(DataSource);
  }

  /** Starts everything; `url` names a PostgreSQL to use instead of a SQLite file. */
  static async open(url: string | undefined): Promise<Stage> {
    const database = await freshDatabase(url);
    try {
      const app = await startApp(database);
      return new Stage(database, await WebhookReceiver.start(), app, await app.getUrl());
    } catch (error) {
      await database.remove();
      throw error;
    }
  }

  /** Rows of the app's own tables and of the module's. */
  rows(sql: string): Promise<Record<string, unknown>[]> {
    return this.dataSource.query(sql);
  }

  /** Ends the app and the receiver, and removes the database. */
  async close(): Promise<void> {
    try {
      await this.app.close();
      await this.receiver.close();
    } finally {
      await this.database.remove();
    }
  }
}

async function startApp(database: DemoDatabase): Promise<INestApplication> {
  const env = { BOOKING_ALLOW_LOOPBACK: '1', BOOKING_RETRY_SCHEDULE: RETRY_WAITS.join(',') };
  const module = AppModule.forRoot(bookingConfig({ ...env, ...database.env }), DemoSystemModule);
  const app = await NestFactory.create(module, { logger: ['error', 'warn'], abortOnError: false });
  await seed(app.get(DataSource));
  await app.listen(0, '127.0.0.1');
  return app;
}
