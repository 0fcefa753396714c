import { Injectable } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import { firstIdAt } from '../internal/ids.js';
import type { Row, Statement } from './database.js';
import { Database } from './database.js';
import { DELIVERIES_OF_EVENT, deliveriesOf } from './deliveries-of-event.js';
import { retryDeadlocks } from './retry-deadlocks.js';
import { OPEN } from './schema.js';

/** Rows that were deleted. */
export interface Deleted {
  readonly events: number;
  readonly deliveries: number;
  readonly attempts: number;
}

/** A delivery that is over. */
export interface ClosedDelivery {
  readonly id: string;
  readonly event_id: string;
}

const PAYLOADS = 'payloads_expunged';

/** Deletes what is old, never what is open. Whoever does the same at the same time finds less, and harms nothing. */
@Injectable()
export class RetentionStore {
  private readonly events: string;
  private readonly deliveries: string;
  private readonly attempts: string;
  private readonly keys: string;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    const { sql } = database;
    this.events = sql.table('events');
    this.deliveries = sql.table('deliveries');
    this.attempts = sql.table('attempts');
    this.keys = sql.table('idempotency_keys');
  }

  /** Deliveries after an id that have not changed for so many milliseconds, in the order of their ids. */
  async closedDeliveries(ageMs: number, after: string, limit: number): Promise<ClosedDelivery[]> {
    const sql = `SELECT id, event_id FROM ${this.deliveries}
      WHERE id > $3 AND id < $4 AND ${this.isOld} ORDER BY id LIMIT $5`;
    const params = [this.clock.offset, ageMs, after, firstIdAt('dlv', this.clock.now() - ageMs), limit];
    return (await this.run([{ sql, params }])) as unknown as ClosedDelivery[];
  }

  /** Deletes them with their attempts, unless they have been opened again; and the events of tests with them. */
  async deleteDeliveries(ageMs: number, deliveries: readonly ClosedDelivery[]): Promise<Deleted> {
    const ids = JSON.stringify(deliveries.map(({ id }) => id));
    const events = JSON.stringify(deliveries.map(({ event_id }) => event_id));
    const { sql } = this.database;
    const rows = await this.run([
      {
        sql: `DELETE FROM ${this.deliveries} WHERE id IN ${sql.list('$3')} AND ${this.isOld}
          ${this.exceptOfLastTest} RETURNING 'delivery' AS kind`,
        params: [this.clock.offset, ageMs, ids],
      },
      {
        sql: `DELETE FROM ${this.attempts} WHERE delivery_id IN ${sql.list('$1')}
          AND NOT EXISTS (SELECT 1 FROM ${this.deliveries} d WHERE d.id = delivery_id) RETURNING 'attempt' AS kind`,
        params: [ids],
      },
      {
        sql: `DELETE FROM ${this.events} WHERE id IN ${sql.list('$1')} AND test IS NOT NULL ${this.exceptLast} RETURNING 'event' AS kind`,
        params: [events],
      },
    ]);
    return deletedOf(rows);
  }

  /** Ids of events after an id that were published before an instant and are fanned out. */
  async closedEvents(before: number, after: string, limit: number): Promise<string[]> {
    const sql = `SELECT id FROM ${this.events} WHERE id > $1 AND id < $2 AND due_at IS NULL ORDER BY id LIMIT $3`;
    const rows = await this.run([{ sql, params: [after, firstIdAt('evt', before), limit] }]);
    return rows.map(({ id }) => id as string);
  }

  /** Deletes those without open deliveries, with all that belongs to them. Sequences stay. */
  async deleteEvents(ids: readonly string[]): Promise<Deleted> {
    return deletedOf(await this.run(ids.flatMap((id) => this.deletionOf(id))));
  }

  /** Up to which instant payloads were expunged; epoch milliseconds. */
  async payloadsExpungedUntil(): Promise<number> {
    const sql = `SELECT value FROM ${this.database.sql.table('meta')} WHERE name = '${PAYLOADS}'`;
    const [row] = await this.run([{ sql, params: [] }]);
    return row ? Number(row.value) : 0;
  }

  async notePayloadsExpunged(until: number): Promise<void> {
    const sql = `INSERT INTO ${this.database.sql.table('meta')} AS t (name, value) VALUES ('${PAYLOADS}', $1)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE t.value < excluded.value`;
    await this.run([{ sql, params: [Math.floor(until)] }]);
  }

  private get isOld(): string {
    return `due_at IS NULL AND NOT (${OPEN}) AND updated_at < ${this.database.sql.now('$1')} - $2`;
  }

  // The next row of SQLite takes the number after the highest one that is there. One that was given away before would be passed
  // over by a reader in the order of commits.
  private get exceptLast(): string {
    if (this.database.sql.dialect === 'postgres') return '';
    return `AND position < (SELECT max(m.position) FROM ${this.events} m)`;
  }

  // By its delivery the event of a test is found the next time.
  private get exceptOfLastTest(): string {
    if (this.database.sql.dialect === 'postgres') return '';
    const last = `SELECT m.id, m.test FROM ${this.events} m ORDER BY m.position DESC LIMIT 1`;
    return `AND event_id NOT IN (SELECT l.id FROM (${last}) l WHERE l.test IS NOT NULL)`;
  }

  private deletionOf(id: string): Statement[] {
    const of = deliveriesOf(id);
    const isGone = `NOT EXISTS (SELECT 1 FROM ${this.events} e WHERE e.id = $1)`;
    const open = `SELECT 1 FROM ${this.deliveries} WHERE ${DELIVERIES_OF_EVENT} AND ${OPEN}`;
    return [
      {
        sql: `DELETE FROM ${this.events} WHERE id = $1 AND due_at IS NULL AND NOT EXISTS (${open}) ${this.exceptLast} RETURNING 'event' AS kind`,
        params: of,
      },
      {
        sql: `DELETE FROM ${this.attempts} WHERE delivery_id IN (SELECT id FROM ${this.deliveries} WHERE ${DELIVERIES_OF_EVENT})
          AND ${isGone} RETURNING 'attempt' AS kind`,
        params: of,
      },
      {
        sql: `DELETE FROM ${this.deliveries} WHERE ${DELIVERIES_OF_EVENT} AND ${isGone} RETURNING 'delivery' AS kind`,
        params: of,
      },
      { sql: `DELETE FROM ${this.keys} WHERE event_id = $1 AND ${isGone}`, params: [id] },
    ];
  }

  private async run(statements: readonly Statement[]): Promise<Row[]> {
    return (await retryDeadlocks(() => this.database.run(statements))).flat();
  }
}

function deletedOf(rows: readonly Row[]): Deleted {
  const count = (kind: string): number => rows.filter((row) => row.kind === kind).length;
  return { events: count('event'), deliveries: count('delivery'), attempts: count('attempt') };
}
