import type { Statement } from './database.js';
import type { Sql } from './sql.js';

/** An event as the statements take it. */
export interface EventRow {
  /** Its place among the events that are written together. */
  readonly n: number;
  readonly id: string;
  readonly tenant: string;
  readonly type: string;
  readonly subject: string | null;
  readonly key: string | null;
  readonly data: string;
  readonly catalog_version: number;
  readonly occurred_at: number | null;
  /** Milliseconds; 0 leases it to nobody. */
  readonly lease: number;
  readonly trace: string | null;
}

/** The columns of an {@link EventRow}. */
export const EVENT = {
  n: 'bigint',
  id: 'text',
  tenant: 'text',
  type: 'text',
  subject: 'text',
  key: 'text',
  data: 'text',
  catalog_version: 'bigint',
  occurred_at: 'bigint',
  lease: 'bigint',
  trace: 'text',
} as const;

const COLUMNS =
  'id, tenant, type, subject, sequence, data, catalog_version, occurred_at, created_at, due_at, fence, trace';

/**
 * Writes events and numbers them within their subjects; those whose idempotency key belongs to another event are left
 * out. Both dialects return `{ id, sequence, created_at }` of each that was written.
 */
export abstract class EventStatements {
  constructor(protected readonly sql: Sql) {}

  // One event in the host's transaction is by far the most frequent, and what is made for several costs it several times as much.
  insert(offset: number, rows: readonly EventRow[]): Statement[] {
    const [row, another] = rows;
    return !row || another || row.key !== null
      ? this.insertSeveral(offset, rows)
      : this.insertWithoutKey(offset, row);
  }

  protected insertWithoutKey(offset: number, row: EventRow): Statement[] {
    const { id, tenant, type, data, catalog_version, occurred_at, lease, trace } = row;
    const fence = lease > 0 ? 1 : 0;
    const params = [offset, id, tenant, type, data, catalog_version, occurred_at, lease, fence, trace];
    return row.subject === null ? this.insertPlain(params) : this.insertNumbered([...params, row.subject]);
  }

  /** Writes an event without a subject; `params` are those of {@link insertOne}. */
  protected abstract insertPlain(params: readonly unknown[]): Statement[];

  /** Writes an event with a subject, `$11`. */
  protected abstract insertNumbered(params: readonly unknown[]): Statement[];

  protected abstract insertSeveral(offset: number, rows: readonly EventRow[]): Statement[];

  /** Adds an event; `$1` is the offset, then come the columns from `id` to `trace`. */
  protected insertOne(subject: string, sequence: string): string {
    const now = this.sql.now('$1');
    return `INSERT INTO ${this.sql.table('events')} (${COLUMNS})
      VALUES ($2, $3, $4, ${subject}, ${sequence}, $5, $6, coalesce($7, ${now}), ${now}, ${now} + $8, $9, $10)
      ${this.returning}`;
  }

  /** Counts up a subject; both are placeholders. */
  protected countUpOne(tenant: string, subject: string): string {
    return `INSERT INTO ${this.sql.table('sequences')} AS q (tenant, subject, last) VALUES (${tenant}, ${subject}, 1)
      ON CONFLICT (tenant, subject) DO UPDATE SET last = q.last + 1`;
  }

  // Not EXISTS: PostgreSQL would hash the whole table of keys for it.
  protected get keyIsMine(): string {
    return `(r.key IS NULL OR r.id = (SELECT k.event_id FROM ${this.sql.table('idempotency_keys')} k
      WHERE k.tenant = r.tenant AND k.key = r.key))`;
  }

  // Subjects are counted up in sorted order: two transactions with the same two subjects would otherwise deadlock.
  protected countUp(source: string, condition = 'true'): string {
    return `INSERT INTO ${this.sql.table('sequences')} AS q (tenant, subject, last)
      SELECT r.tenant, r.subject, count(*) FROM ${source} WHERE r.subject IS NOT NULL AND ${condition}
      GROUP BY r.tenant, r.subject ORDER BY r.tenant, r.subject
      ON CONFLICT (tenant, subject) DO UPDATE SET last = q.last + excluded.last`;
  }

  /** The number of each of several rows `r`, when their subjects' counters `s` stand at the last of them. */
  protected get ranked(): string {
    const subject = 'PARTITION BY r.tenant, r.subject';
    const rank = `count(*) OVER (${subject}) + row_number() OVER (${subject} ORDER BY r.n)`;
    return `CASE WHEN r.subject IS NULL THEN NULL ELSE s.last - ${rank} END`;
  }

  /** Adds the rows of a table `r` with their sequences, an expression, to the events. */
  protected insertFrom(source: string, sequence: string): string {
    const now = this.sql.now('$1');
    return `INSERT INTO ${this.sql.table('events')} (${COLUMNS})
      SELECT r.id, r.tenant, r.type, r.subject, ${sequence}, r.data, r.catalog_version,
        coalesce(r.occurred_at, ${now}), ${now}, ${now} + r.lease, CASE WHEN r.lease > 0 THEN 1 ELSE 0 END, r.trace
      FROM ${source}`;
  }

  protected get returning(): string {
    return 'RETURNING id, sequence, created_at';
  }
}
