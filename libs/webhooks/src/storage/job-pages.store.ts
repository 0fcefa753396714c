import { Injectable } from '@nestjs/common';
import { firstIdAt } from '../internal/ids.js';
import { Database } from './database.js';
import type { Row } from './database.js';
import { RECOVERABLE } from './schema.js';

/** An event of the archive, as far as it takes to tell whether a job is interested in it. */
export interface ArchivedEvent {
  readonly id: string;
  readonly tenant: string;
  readonly subject: string | null;
  readonly type: string;
  readonly createdAt: number;
  /** It is still to be fanned out. */
  readonly isOpen: boolean;
  readonly isTest: boolean;
  /** There is nothing left of it that could be sent. */
  readonly isExpunged: boolean;
  /** Where to go on behind it. */
  readonly cursor: string;
}

/** A stretch of the archive, in the order of the commits. */
export interface ArchivePage {
  readonly events: readonly ArchivedEvent[];
  /** There is nothing behind it, and there never will be. */
  readonly isLast: boolean;
}

/** A delivery that may be recovered. */
export interface RecoverableDelivery {
  readonly id: string;
  readonly eventId: string;
  /** When its event was stored; null when that is gone. */
  readonly createdAt: number | null;
  readonly isTest: boolean;
  /** There is nothing left of its event that could be sent. */
  readonly isExpunged: boolean;
  /** The line that it stands in, while it is held. */
  readonly line: { readonly tenant: string; readonly subject: string } | null;
}

/**
 * Positions and ids are handed out before the commit and by other clocks than the database's: what a job begins with lies so
 * much earlier. No transaction that publishes is open for so long.
 */
const EARLIER_MS = 24 * 60 * 60 * 1_000;

/** What jobs look through, page by page. */
@Injectable()
export class JobPages {
  private readonly events: string;
  private readonly deliveries: string;
  private readonly pageSql: string;
  private readonly startSql: string;

  constructor(private readonly database: Database) {
    const { sql } = database;
    this.events = sql.table('events');
    this.deliveries = sql.table('deliveries');
    this.pageSql = this.isPostgres ? this.postgresPage() : this.sqlitePage();
    const place = this.isPostgres ? 'tx::text AS tx, position' : 'position';
    this.startSql = `SELECT ${place} FROM ${this.events} WHERE id < $1 ORDER BY id DESC LIMIT 1`;
  }

  /** Where the archive is to be read from, for what was stored since an instant: behind the last event that is earlier. */
  async archiveStart(since: number): Promise<string> {
    const params = [firstIdAt('evt', since - EARLIER_MS)];
    const [rows] = await this.database.run([{ sql: this.startSql, params }]);
    const [row] = rows!;
    if (!this.isPostgres) return String(row?.position ?? 0);
    return row ? `${String(row.tx)}:${String(row.position)}` : '0:0';
  }

  /** What was committed behind the cursor, up to the horizon of the job; nothing that a later commit may come before. */
  async archive(cursor: string, horizon: string, limit: number): Promise<ArchivePage> {
    const params = [...cursor.split(':'), horizon, limit];
    const [rows] = await this.database.run([{ sql: this.pageSql, params }]);
    const events = rows!.filter(({ id }) => id !== null).map((row) => this.eventOf(row));
    return { events, isLast: events.length < limit && Number(rows![0]?.is_settled ?? 1) === 1 };
  }

  /** Where the deliveries of a subscription are to be read from. */
  recoverableStart(since: number): string {
    return firstIdAt('dlv', since - EARLIER_MS);
  }

  /** The recoverable deliveries of a subscription behind an id. */
  async recoverable(subscriptionId: string, after: string, limit: number): Promise<RecoverableDelivery[]> {
    const sql = `SELECT r.id, r.event_id, r.state, r.subject, r.test, e.tenant, e.created_at, e.expunged_at
      FROM (SELECT * FROM ${this.deliveries} WHERE subscription_id = $1 AND ${RECOVERABLE} AND id > $2
        ORDER BY id LIMIT $3) r LEFT JOIN ${this.events} e ON e.id = r.event_id ORDER BY r.id`;
    const [rows] = await this.database.run([{ sql, params: [subscriptionId, after, limit] }]);
    return rows!.map(recoverableOf);
  }

  private get isPostgres(): boolean {
    return this.database.sql.dialect === 'postgres';
  }

  private postgresPage(): string {
    const end = 'least(pg_snapshot_xmin(pg_current_snapshot()), $3::xid8)';
    return `SELECT CASE WHEN s.xmin > $3::xid8 THEN 1 ELSE 0 END AS is_settled, p.*
      FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) s LEFT JOIN LATERAL (
        SELECT e.tx::text AS tx, e.position, e.id, e.tenant, e.subject, e.type, e.created_at, e.due_at, e.test, e.expunged_at
        FROM ${this.events} e
        WHERE (e.tx, e.position) > ($1::xid8, $2::bigint) AND e.tx < ${end} ORDER BY e.tx, e.position LIMIT $4) p ON true`;
  }

  private sqlitePage(): string {
    return `SELECT position, id, tenant, subject, type, created_at, due_at, test, expunged_at FROM ${this.events}
      WHERE position > CAST($1 AS INTEGER) AND position <= CAST($2 AS INTEGER) ORDER BY position LIMIT $3`;
  }

  private eventOf(row: Row): ArchivedEvent {
    const position = String(row.position);
    return {
      id: row.id as string,
      tenant: row.tenant as string,
      subject: row.subject as string | null,
      type: row.type as string,
      createdAt: Number(row.created_at),
      isOpen: row.due_at !== null,
      isTest: row.test !== null,
      isExpunged: row.expunged_at !== null,
      cursor: this.isPostgres ? `${String(row.tx)}:${position}` : position,
    };
  }
}

function recoverableOf(row: Row): RecoverableDelivery {
  const isInLine = row.state === 'held' && row.subject !== null && row.tenant !== null;
  return {
    id: row.id as string,
    eventId: row.event_id as string,
    createdAt: row.created_at === null ? null : Number(row.created_at),
    isTest: row.test !== null,
    isExpunged: row.expunged_at !== null,
    line: isInLine ? { tenant: row.tenant as string, subject: row.subject as string } : null,
  };
}
