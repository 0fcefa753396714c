import { Injectable } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import { Database } from './database.js';
import { PRIORITY } from './delivery-statements.js';
import { OPEN } from './schema.js';

/** What all processes together have not done yet. */
export interface Backlog {
  /** Open deliveries by state; at most {@link BACKLOG_LIMIT} of them are counted. */
  readonly pending: number;
  readonly held: number;
  readonly waiting: number;
  /** Events that have no deliveries yet; counted no further. */
  readonly events: number;
  /** Subscriptions to which nothing is sent because they failed in a row. */
  readonly openCircuits: number;
  /**
   * Milliseconds that something has been due and not taken, whose receiver is well and which nobody has stopped; 0: nothing is.
   */
  readonly overdueMs: number;
}

/** Counting goes no further: it would take longer the more there is. */
export const BACKLOG_LIMIT = 100_000;
/** Due deliveries that are looked at, the oldest first, for one whose receiver is well. */
const LOOKED_AT = 10_000;

/** Reads how much there is to do: one statement that touches two indexes and the subscriptions that fail. */
@Injectable()
export class BacklogStore {
  private readonly sql: string;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    const { sql } = database;
    const [deliveries, events] = [sql.table('deliveries'), sql.table('events')];
    const [health, now] = [sql.table('health'), sql.now('$1')];
    const stopped = `SELECT 1 FROM ${sql.table('stops')} WHERE scope`;
    const due = Object.values(PRIORITY).map(
      (priority) => `(SELECT min(due_at) FROM (SELECT due_at, tenant, subscription_id FROM ${deliveries}
        WHERE due_at IS NOT NULL AND priority = ${priority} AND due_at <= ${now} ORDER BY due_at LIMIT ${LOOKED_AT}) d
        WHERE NOT EXISTS (SELECT 1 FROM ${health} h WHERE h.subscription_id = d.subscription_id AND h.open_until > ${now})
        AND NOT EXISTS (${stopped} IN ('*', 'tenant:' || d.tenant, 'subscription:' || d.subscription_id)))`,
    );
    due.push(
      `(SELECT min(due_at) FROM ${events} WHERE due_at IS NOT NULL AND due_at <= ${now} AND NOT EXISTS (${stopped} = '*'))`,
    );
    this.sql = `SELECT state AS name, count(*) AS value
        FROM (SELECT state FROM ${deliveries} WHERE ${OPEN} LIMIT ${BACKLOG_LIMIT}) o GROUP BY state
      UNION ALL SELECT 'events', count(*)
        FROM (SELECT 1 FROM ${events} WHERE due_at IS NOT NULL LIMIT ${BACKLOG_LIMIT}) e
      UNION ALL SELECT 'circuits', count(*) FROM ${health} WHERE open_until > ${now}
      UNION ALL SELECT 'overdue', ${now} - min(first) FROM (SELECT ${due.join(' AS first UNION ALL SELECT ')} AS first) f`;
  }

  async read(): Promise<Backlog> {
    const [rows] = await this.database.run([{ sql: this.sql, params: [this.clock.offset] }]);
    const values = new Map(rows!.map(({ name, value }) => [name, Number(value ?? 0)]));
    const of = (name: string): number => values.get(name) ?? 0;
    return {
      pending: of('pending'),
      held: of('held'),
      waiting: of('waiting'),
      events: of('events'),
      openCircuits: of('circuits'),
      overdueMs: Math.max(0, of('overdue')),
    };
  }
}
