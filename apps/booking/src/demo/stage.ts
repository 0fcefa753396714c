import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Clock, EventsService, JobsService, SubscriptionsService, WebhooksService } from 'nestjs-webhooks';
import { TestClock, WebhookReceiver } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { bookingConfig } from '../config.js';
import { seed } from '../database/seed.js';
import { seedWorld } from '../database/seed-world.js';
import { BookingClock } from '../system/booking-clock.js';
import { BookingClient } from './booking-client.js';
import type { DemoDatabase } from './demo-database.js';
import { freshDatabase } from './demo-database.js';
import type { StoryClock } from './demo-system.module.js';
import { DemoSystemModule } from './demo-system.module.js';
import { TRAVELLER } from './journey-cast.js';

/** Waits between attempts in milliseconds; the library varies each by ±20 %. */
export const RETRY_WAITS = [400, 800] as const;

/** The running booking app, a receiver that is a server of its own, and an empty database. */
export class Stage {
  readonly api: BookingClient;
  readonly clock: StoryClock;
  /** The customer whose order is flown. */
  readonly traveller: BookingClient;
  /** The module's clock: real time, and what the story adds to it. */
  readonly time: TestClock;
  readonly webhooks: WebhooksService;
  readonly subscriptions: SubscriptionsService;
  readonly events: EventsService;
  readonly jobs: JobsService;
  private readonly dataSource: DataSource;

  private constructor(
    readonly database: DemoDatabase,
    readonly receiver: WebhookReceiver,
    /** Receivers of the customer whose order is flown. */
    readonly partners: WebhookReceiver,
    private readonly app: INestApplication,
    readonly appUrl: string,
  ) {
    this.api = new BookingClient(appUrl);
    this.traveller = new BookingClient(appUrl, TRAVELLER);
    this.time = app.get<TestClock>(Clock, { strict: false });
    this.subscriptions = app.get(SubscriptionsService, { strict: false });
    this.events = app.get(EventsService, { strict: false });
    this.jobs = app.get(JobsService, { strict: false });
    this.clock = app.get<StoryClock>(BookingClock);
    this.webhooks = app.get(WebhooksService);
    this.dataSource = app.get(DataSource);
  }

  /** Starts everything; `url` names a PostgreSQL to use instead of a SQLite file. */
  static async open(url: string | undefined): Promise<Stage> {
    const database = await freshDatabase(url);
    try {
      const app = await startApp(database);
      const receivers = [await WebhookReceiver.start(), await WebhookReceiver.start()] as const;
      return new Stage(database, ...receivers, app, await app.getUrl());
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
      await this.partners.close();
    } finally {
      await this.database.remove();
    }
  }
}

async function startApp(database: DemoDatabase): Promise<INestApplication> {
  const env = { BOOKING_ALLOW_LOOPBACK: '1', BOOKING_RETRY_SCHEDULE: RETRY_WAITS.join(',') };
  const module = AppModule.forRoot(bookingConfig({ ...env, ...database.env }), DemoSystemModule);
  const testing = Test.createTestingModule({ imports: [module] });
  // The one thing that a story must have in its hand: days pass when it says so.
  const compiled = await testing.overrideProvider(Clock).useValue(new TestClock()).compile();
  const app = compiled.createNestApplication({ logger: ['error', 'warn'] });
  await seed(app.get(DataSource));
  await seedWorld(app.get(DataSource));
  await app.listen(0, '127.0.0.1');
  return app;
}
