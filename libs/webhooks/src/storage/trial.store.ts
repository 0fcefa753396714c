import { Injectable } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import { Database } from './database.js';
import type { Statement } from './database.js';
import { PRIORITY } from './delivery-statements.js';

/** A test event and the one delivery that is made of it. */
export interface NewTest {
  readonly eventId: string;
  readonly deliveryId: string;
  readonly subscriptionId: string;
  readonly tenant: string;
  readonly type: string;
  /** The event's own fields as JSON text. */
  readonly data: string;
  readonly catalogVersion: number;
}

/** The row of a delivery that was just written. */
export interface TestDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly subscriptionId: string;
  readonly tenant: string;
  readonly attempts: number;
  readonly body: null;
  readonly expiresAt: number;
  readonly fence: number;
}

/** Writes tests. Their event is closed from the beginning: nobody fans it out, and it has no place in any order. */
@Injectable()
export class TrialStore {
  private readonly events: string;
  private readonly deliveries: string;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    const { sql } = database;
    const now = sql.now('$1');
    this.events = `INSERT INTO ${sql.table('events')}
      (id, tenant, type, data, catalog_version, occurred_at, created_at, fence, test)
      VALUES ($2, $3, $4, $5, $6, ${now}, ${now}, 0, 1)`;
    this.deliveries = `INSERT INTO ${sql.table('deliveries')} (id, event_id, subscription_id, tenant, state, priority,
        attempts, step, created_at, updated_at, expires_at, due_at, fence, test)
      VALUES ($2, $3, $4, $5, 'pending', ${PRIORITY.live}, 0, 0, ${now}, ${now}, ${now} + $7, ${now} + $6, 1, 1)
      RETURNING expires_at, fence`;
  }

  /** Writes both, all of it or nothing: due after `dueInMs`, which is a lease for whoever sends it now. */
  async insert(test: NewTest, dueInMs: number, lifeMs: number): Promise<TestDelivery> {
    const { eventId, deliveryId: id, subscriptionId, tenant } = test;
    const to = [id, eventId, subscriptionId, tenant];
    const [, rows] = await this.database.run([
      this.eventOf(test),
      { sql: this.deliveries, params: [this.clock.offset, ...to, dueInMs, lifeMs] },
    ]);
    const { expires_at, fence } = rows![0]!;
    const row = { id, eventId, subscriptionId, tenant, attempts: 0, body: null };
    return { ...row, expiresAt: Number(expires_at), fence: Number(fence) };
  }

  private eventOf({ eventId, tenant, type, data, catalogVersion }: NewTest): Statement {
    return { sql: this.events, params: [this.clock.offset, eventId, tenant, type, data, catalogVersion] };
  }
}
