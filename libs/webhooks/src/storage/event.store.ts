import { Injectable } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import type { NewEvent, StoredEvent } from '../internal/event.js';
import type { Executor, Row, Statement } from './database.js';
import { Database } from './database.js';
import type { EventStatements } from './event-statements.js';
import { PostgresEventStatements } from './postgres.event-statements.js';
import type { RowsText } from './sql.js';
import { SqliteEventStatements } from './sqlite.event-statements.js';

/** Who holds an idempotency key. */
export interface KeyHolder {
  readonly eventId: string;
  /** Hash of the payload that was published first under the key. */
  readonly hash: string;
}

/** A wish for an idempotency key. */
export interface KeyClaim extends KeyHolder {
  readonly tenant: string;
  readonly key: string;
}

const KEY_ROW = { tenant: 'text', key: 'text', event_id: 'text', hash: 'text' } as const;

/** What is read of an event. */
export const EVENT_COLUMNS =
  'id, tenant, type, subject, sequence, data, catalog_version, occurred_at, created_at, test, trace';

/** Writes and reads events. */
@Injectable()
export class EventStore {
  private readonly claimKeysText: RowsText;
  private readonly readKeysText: RowsText;
  private readonly statements: EventStatements;
  private readonly loadSql: string;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    const { sql } = database;
    const keys = sql.table('idempotency_keys');
    const claimKeys = `INSERT INTO ${keys} (tenant, key, event_id, hash)
      SELECT tenant, key, event_id, hash FROM ${sql.rows('$1', KEY_ROW)} WHERE true ORDER BY tenant, key
      ON CONFLICT DO NOTHING`;
    const readKeys = `SELECT k.tenant, k.key, k.event_id, k.hash FROM ${sql.rows('$1', KEY_ROW)}
      JOIN ${keys} k ON k.tenant = r.tenant AND k.key = r.key`;
    this.claimKeysText = { sql: claimKeys, columns: KEY_ROW };
    this.readKeysText = { sql: readKeys, columns: KEY_ROW };
    this.statements =
      sql.dialect === 'postgres' ? new PostgresEventStatements(sql) : new SqliteEventStatements(sql);
    this.loadSql = `SELECT ${EVENT_COLUMNS}
      FROM ${sql.table('events')} WHERE id IN ${sql.list('$1')}`;
  }

  /** Takes idempotency keys, first come first served; gives the holder of each, keyed by `tenant` + NUL + `key`. */
  async claimKeys(executor: Executor, claims: readonly KeyClaim[]): Promise<Map<string, KeyHolder>> {
    const results = await executor.run(this.keyStatements(claims));
    return holders(results.flat());
  }

  /**
   * Writes events, numbered within their subjects. `leaseMs` > 0 leases them to this process (fence 1),
   * 0 leaves them to whoever sweeps (fence 0, so that the first claim makes it 1).
   * Those whose idempotency key belongs to another event are left out.
   */
  async insert(executor: Executor, events: readonly NewEvent[], leaseMs: number): Promise<StoredEvent[]> {
    const results = await executor.run(this.insertStatements(events, leaseMs));
    return stored(events, results.flat());
  }

  /** Takes the keys and writes the events that got theirs, in one transaction of its own. */
  async claimAndInsert(
    events: readonly NewEvent[],
    claims: readonly KeyClaim[],
    leaseMs: number,
  ): Promise<{ stored: StoredEvent[]; keys: Map<string, KeyHolder> }> {
    const first = claims.length > 0 ? this.keyStatements(claims) : [];
    const results = await this.database.run([...first, ...this.insertStatements(events, leaseMs)]);
    return {
      stored: stored(events, results.slice(first.length).flat()),
      keys: holders(results.slice(0, first.length).flat()),
    };
  }

  /** Reads events by id; unknown ids are left out. */
  async load(ids: readonly string[]): Promise<Map<string, StoredEvent>> {
    if (ids.length === 0) return new Map();
    const [rows] = await this.database.run([{ sql: this.loadSql, params: [JSON.stringify(ids)] }]);
    return new Map(rows!.map((row) => [row.id as string, eventOf(row)]));
  }

  private keyStatements(claims: readonly KeyClaim[]): Statement[] {
    const rows = claims.map(({ tenant, key, eventId, hash }) => ({ tenant, key, event_id: eventId, hash }));
    const { sql } = this.database;
    return [...sql.forRows(this.claimKeysText, [], rows), ...sql.forRows(this.readKeysText, [], rows)];
  }

  private insertStatements(events: readonly NewEvent[], leaseMs: number): Statement[] {
    const rows = events.map((event, n) => ({
      n,
      id: event.id,
      tenant: event.tenant,
      type: event.type,
      subject: event.subject,
      key: event.idempotencyKey,
      data: event.data,
      catalog_version: event.catalogVersion,
      occurred_at: event.occurredAt,
      lease: leaseMs,
      trace: event.trace,
    }));
    return this.statements.insert(this.clock.offset, rows);
  }
}

function holders(rows: readonly Row[]): Map<string, KeyHolder> {
  return new Map(
    rows.map((row) => [
      `${String(row.tenant)}\0${String(row.key)}`,
      { eventId: row.event_id as string, hash: row.hash as string },
    ]),
  );
}

function stored(events: readonly NewEvent[], rows: readonly Row[]): StoredEvent[] {
  const [event, another] = events;
  if (event && !another) return rows.map((row) => storedEvent(event, row));
  const byId = new Map(rows.map((row) => [row.id as string, row]));
  return events.flatMap((each) => {
    const row = byId.get(each.id);
    return row ? storedEvent(each, row) : [];
  });
}

function storedEvent(event: NewEvent, { sequence, created_at }: Row): StoredEvent {
  const createdAt = Number(created_at);
  return {
    id: event.id,
    tenant: event.tenant,
    type: event.type,
    subject: event.subject,
    sequence: sequence === null ? null : Number(sequence),
    data: event.data,
    catalogVersion: event.catalogVersion,
    occurredAt: event.occurredAt ?? createdAt,
    createdAt,
    trace: event.trace,
  };
}

/** An event from its row. */
export function eventOf(row: Row): StoredEvent {
  return row.test === null ? plainEventOf(row) : { ...plainEventOf(row), isTest: true };
}

function plainEventOf(row: Row): StoredEvent {
  return {
    id: row.id as string,
    tenant: row.tenant as string,
    type: row.type as string,
    subject: row.subject as string | null,
    sequence: row.sequence === null ? null : Number(row.sequence),
    data: row.data as string,
    catalogVersion: Number(row.catalog_version),
    occurredAt: Number(row.occurred_at),
    createdAt: Number(row.created_at),
    trace: row.trace as string | null,
    isUnchecked: true,
  };
}
