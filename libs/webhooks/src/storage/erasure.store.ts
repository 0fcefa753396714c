import { Injectable } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import { EXPUNGED } from '../internal/event.js';
import { firstIdAt } from '../internal/ids.js';
import type { Row, Statement } from './database.js';
import { Database } from './database.js';
import { DELIVERIES_OF_EVENT, deliveriesOf } from './deliveries-of-event.js';
import { OrderStatements } from './order-statements.js';
import { retryDeadlocks } from './retry-deadlocks.js';
import { OPEN } from './schema.js';

/** What an erasure has reached. */
export interface Erased {
  readonly events: number;
  readonly deliveries: number;
  readonly attempts: number;
  /** Deliveries are due that waited for one of these. */
  readonly released: boolean;
}

/** An event, and what its deliveries may stand in line for. */
export interface ErasableEvent {
  readonly id: string;
  readonly tenant: string;
  readonly subject: string | null;
}

/** Removes payloads and leaves the rows. */
@Injectable()
export class ErasureStore {
  private readonly events: string;
  private readonly deliveries: string;
  private readonly order: OrderStatements;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    const { sql } = database;
    this.events = sql.table('events');
    this.deliveries = sql.table('deliveries');
    this.order = new OrderStatements(sql);
  }

  /**
   * Removes the payloads of events and whatever was made of them, all of it or nothing. What is open is canceled.
   * Where it was done before, it is done again for what has come since.
   */
  async expunge(events: readonly ErasableEvent[]): Promise<Erased> {
    const subjects = events.flatMap(({ tenant, subject }) => (subject === null ? [] : [{ tenant, subject }]));
    const writes = events.flatMap(({ id }) => this.statementsFor(id, this.any(id)));
    const { offset } = this.clock;
    const statements = this.order.around(offset, writes, distinct(subjects));
    return erasedOf(await retryDeadlocks(() => this.database.run(statements)));
  }

  /** The same for those that are over: an event with open deliveries, or still to be fanned out, is left alone. */
  async expungeClosed(ids: readonly string[]): Promise<Erased> {
    const statements = ids.flatMap((id) => this.statementsFor(id, this.closed(id)));
    return erasedOf(await retryDeadlocks(() => this.database.run(statements)));
  }

  /** A subject's events that still have a payload, in the order of their ids. */
  ofSubject(subject: string, tenant: string | null, after: string, limit: number): Promise<ErasableEvent[]> {
    const own = tenant === null ? '' : 'AND tenant = $4';
    const sql = `SELECT id, tenant, subject FROM ${this.events}
      WHERE subject = $1 AND id > $2 AND expunged_at IS NULL ${own} ORDER BY id LIMIT $3`;
    return this.select(sql, [subject, after, limit, ...(tenant === null ? [] : [tenant])]);
  }

  /** Events with a payload that were published in a period (epoch milliseconds), after an id. */
  publishedIn(from: number, to: number, after: string, limit: number): Promise<ErasableEvent[]> {
    const sql = `SELECT id, tenant, subject FROM ${this.events}
      WHERE id >= $1 AND id < $2 AND id > $3 AND expunged_at IS NULL ORDER BY id LIMIT $4`;
    return this.select(sql, [firstIdAt('evt', from), firstIdAt('evt', to), after, limit]);
  }

  /** Events that were expunged in the last so many milliseconds, although published after an instant. */
  expungedWithin(ms: number, publishedAfter: number, limit: number): Promise<ErasableEvent[]> {
    const now = this.database.sql.now('$1');
    const sql = `SELECT id, tenant, subject FROM ${this.events}
      WHERE expunged_at IS NOT NULL AND expunged_at > ${now} - $2 AND id >= $3 ORDER BY expunged_at DESC LIMIT $4`;
    return this.select(sql, [this.clock.offset, ms, firstIdAt('evt', publishedAfter), limit]);
  }

  private async select(sql: string, params: readonly unknown[]): Promise<ErasableEvent[]> {
    const [rows] = await this.database.run([{ sql, params }]);
    return rows as unknown as ErasableEvent[];
  }

  private any(id: string): Statement {
    return {
      sql: this.mark('$2', 'expunged_at IS NULL OR due_at IS NOT NULL'),
      params: [id, this.clock.offset],
    };
  }

  private closed(id: string): Statement {
    const open = `SELECT 1 FROM ${this.deliveries} WHERE ${DELIVERIES_OF_EVENT} AND ${OPEN}`;
    const condition = `expunged_at IS NULL AND due_at IS NULL AND NOT EXISTS (${open})`;
    return { sql: this.mark('$4', condition), params: [...deliveriesOf(id), this.clock.offset] };
  }

  // The fence counts up: what is under way can change none of these rows any more.
  private mark(offset: string, condition: string): string {
    return `UPDATE ${this.events} SET data = '${EXPUNGED}', expunged_at = coalesce(expunged_at, ${this.database.sql.now(offset)}),
        due_at = NULL, fence = fence + 1
      WHERE id = $1 AND (${condition}) RETURNING 'event' AS kind`;
  }

  private statementsFor(id: string, mark: Statement): Statement[] {
    const of = deliveriesOf(id);
    const isMarked = `EXISTS (SELECT 1 FROM ${this.events} e WHERE e.id = $1 AND e.expunged_at IS NOT NULL)`;
    const ifOpen = (column: string, value: string): string =>
      `${column} = CASE WHEN ${OPEN} THEN ${value} ELSE ${column} END`;
    const now = this.database.sql.now('$4');
    const deliveries = `UPDATE ${this.deliveries} SET ${ifOpen('last_error', `'EVENT_EXPUNGED'`)},
        ${ifOpen('updated_at', now)}, ${ifOpen('state', `'canceled'`)}, body = NULL, due_at = NULL, fence = fence + 1
      WHERE ${DELIVERIES_OF_EVENT} AND (body IS NOT NULL OR ${OPEN}) AND ${isMarked} RETURNING 'delivery' AS kind`;
    const attempts = `UPDATE ${this.database.sql.table('attempts')}
      SET request = '{}', detail = NULL, response_headers = NULL, response_body = NULL
      WHERE delivery_id IN (SELECT id FROM ${this.deliveries} WHERE ${DELIVERIES_OF_EVENT})
        AND (request <> '{}' OR detail IS NOT NULL OR response_body IS NOT NULL) AND ${isMarked} RETURNING 'attempt' AS kind`;
    const keys = `UPDATE ${this.database.sql.table('idempotency_keys')} SET hash = '' WHERE event_id = $1 AND ${isMarked}`;
    return [
      mark,
      { sql: deliveries, params: [...of, this.clock.offset] },
      { sql: attempts, params: of },
      { sql: keys, params: [id] },
    ];
  }
}

function erasedOf(results: readonly Row[][]): Erased {
  const rows = results.flat();
  const count = (kind: string): number => rows.filter((row) => row.kind === kind).length;
  return {
    events: count('event'),
    deliveries: count('delivery'),
    attempts: count('attempt'),
    released: count('released') > 0,
  };
}

function distinct(subjects: readonly { tenant: string; subject: string }[]): Row[] {
  return [...new Map(subjects.map((each) => [`${each.tenant}\0${each.subject}`, each])).values()];
}
