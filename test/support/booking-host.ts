import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Clock, WebhooksService, WebhookTransport } from 'nestjs-webhooks';
import { RecordingTransport, TestClock } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import { AppModule } from '../../apps/booking/src/app.module.js';
import type { BookingConfig } from '../../apps/booking/src/config.js';
import { bookingConfig } from '../../apps/booking/src/config.js';
import { SEED, seed } from '../../apps/booking/src/database/seed.js';
import { BookingClock } from '../../apps/booking/src/system/booking-clock.js';
import type { TestDatabaseOptions } from './databases.js';

/** What the booking API answered. */
export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read field by field and compared literally
  readonly body: any;
}

/** An event as it is stored. */
export interface StoredEvent {
  readonly type: string;
  readonly tenant: string;
  readonly subject: string | null;
  readonly sequence: number | null;
  /** ISO 8601. */
  readonly occurredAt: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see Answer
  readonly data: any;
}

/** A booking app on a database, seen from outside, whose two clocks a test moves as one. */
export class BookingHost {
  private constructor(
    private readonly app: INestApplication,
    readonly url: string,
    readonly clock: TestClock,
    readonly transport: RecordingTransport,
  ) {}

  static async start(
    database: TestDatabaseOptions,
    { clock = new TestClock(), config = {} }: { clock?: TestClock; config?: Partial<BookingConfig> } = {},
  ): Promise<BookingHost> {
    const env =
      database.type === 'postgres' ? { DATABASE_URL: database.url } : { BOOKING_DB: database.database };
    const transport = new RecordingTransport();
    const module = await Test.createTestingModule({
      imports: [AppModule.forRoot({ ...bookingConfig(env), ...config })],
    })
      .overrideProvider(WebhookTransport)
      .useValue(transport)
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(BookingClock)
      .useValue({ now: () => new Date(clock.now()) })
      .compile();
    const app = module.createNestApplication({ logger: ['error', 'warn'] });
    await seed(app.get(DataSource));
    await app.listen(0, '127.0.0.1');
    return new BookingHost(app, await app.getUrl(), clock, transport);
  }

  /** Calls the API as the seeded agent. */
  async call(method: string, path: string, body?: object, headers: object = {}): Promise<Answer> {
    const caller = { 'x-consumer-id': SEED.consumer.id, 'x-agent-id': SEED.agent.id };
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...caller, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Calls it and expects it to work. */
  async ok(method: string, path: string, body?: object, headers: object = {}): Promise<Answer['body']> {
    const answer = await this.call(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.body;
  }

  /** Everything that was published about a subject, or at all, as it is numbered. */
  async events(subject?: string): Promise<StoredEvent[]> {
    const rows: Record<string, unknown>[] = await this.query(
      'SELECT type, tenant, subject, sequence, occurred_at, data FROM webhooks_events ORDER BY subject, sequence, position',
    );
    const events = rows.map((row) => ({
      type: String(row['type']),
      tenant: String(row['tenant']),
      subject: row['subject'] === null ? null : String(row['subject']),
      sequence: row['sequence'] === null ? null : Number(row['sequence']),
      occurredAt: new Date(Number(row['occurred_at'])).toISOString(),
      data: JSON.parse(String(row['data'])),
    }));
    return subject === undefined ? events : events.filter((event) => event.subject === subject);
  }

  query(sql: string): Promise<Record<string, unknown>[]> {
    return this.app.get(DataSource).query(sql);
  }

  drain(): Promise<void> {
    return this.app.get(WebhooksService).drain();
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
