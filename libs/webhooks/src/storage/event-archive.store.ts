import { Injectable } from '@nestjs/common';
import type { DeliveryState } from '../dispatch/delivery.js';
import type { StoredEvent } from '../internal/event.js';
import { firstIdAt } from '../internal/ids.js';
import { ALL_TENANTS } from '../internal/tenants.js';
import type { Conditions } from './conditions.js';
import type { Row } from './database.js';
import { Database } from './database.js';
import { EVENT_COLUMNS, eventOf } from './event.store.js';
import type { ScanEnd, ScanRange, Where } from './index-scan.js';
import { IndexScan } from './index-scan.js';
import { commitOrder, NewestFirst } from './keyset.js';

/** Which events; what is null does not matter. */
export interface EventFilter {
  readonly tenant: string | null;
  readonly types: readonly string[] | null;
  readonly subject: string | null;
  /** Epoch milliseconds at which they were published, half-open. */
  readonly since: number | null;
  readonly until: number | null;
  readonly order: 'newest' | 'commit';
}

/** An event in the archive. */
export interface ArchivedEvent extends StoredEvent {
  /** Epoch milliseconds of the database; null: its payload is there. */
  readonly expungedAt: number | null;
  /** Its place in the order that it was read in. */
  readonly place: string;
}

/** One event for one subscription. */
export interface Pair {
  readonly event_id: string;
  readonly subscription_id: string;
}

const PAIR = { event_id: 'text', subscription_id: 'text' } as const;

/** Reads events by what they are. */
@Injectable()
export class EventArchive {
  private readonly scans: Readonly<Record<EventFilter['order'], IndexScan>>;

  constructor(private readonly database: Database) {
    const table = database.sql.table('events');
    this.scans = {
      newest: new IndexScan(database, table, new NewestFirst('id')),
      commit: new IndexScan(database, table, commitOrder(database.sql)),
    };
  }

  /** Where a look for such events ends that begins after a place. */
  end(filter: EventFilter, after: string | null): Promise<ScanEnd> {
    return this.scans[filter.order].end(rangeOf(filter, after));
  }

  /** The first of them after a place, up to the end of the look. */
  async read(
    filter: EventFilter,
    after: string | null,
    { upTo, limit }: { upTo: string; limit: number },
  ): Promise<ArchivedEvent[]> {
    const scan = this.scans[filter.order];
    const { columns } = scan.keyset;
    const selected = columns === 'id' ? COLUMNS : `${COLUMNS}, ${columns}`;
    const selection = { columns: selected, filters: filtersOf(this.database, filter), upTo, limit };
    const rows = await scan.read(rangeOf(filter, after), selection);
    return rows.map((row) => archived(row, scan.keyset.placeOf(row)));
  }

  /** Also a test. */
  async find(id: string): Promise<ArchivedEvent | undefined> {
    const sql = `SELECT ${COLUMNS} FROM ${this.database.sql.table('events')} WHERE id = $1`;
    const [rows] = await this.database.run([{ sql, params: [id] }]);
    return rows![0] && archived(rows![0], id);
  }

  /** How deliveries stand, keyed by event id + NUL + subscription id; those that were never made are missing. */
  async states(pairs: readonly Pair[]): Promise<Map<string, DeliveryState>> {
    const { sql } = this.database;
    const text = `SELECT d.event_id, d.subscription_id, d.state FROM ${sql.rows('$1', PAIR)}
      JOIN ${sql.table('deliveries')} d ON d.subscription_id = r.subscription_id AND d.event_id = r.event_id`;
    const results = await this.database.run(sql.forRows({ sql: text, columns: PAIR }, [], pairs));
    const states = results.flat().map((row) => [keyOf(row as unknown as Pair), row.state] as const);
    return new Map(states as [string, DeliveryState][]);
  }
}

/** The key of a pair. */
export function keyOf({ event_id, subscription_id }: Pair): string {
  return `${event_id}\0${subscription_id}`;
}

const COLUMNS = `${EVENT_COLUMNS}, expunged_at`;

function archived(row: Row, place: string): ArchivedEvent {
  const expungedAt = row.expunged_at === null ? null : Number(row.expunged_at);
  return { ...eventOf(row), expungedAt, place };
}

// In the order of commits no index holds subject and id: a look that was limited by them would go on until it has found enough.
function rangeOf(filter: EventFilter, after: string | null): ScanRange {
  const within: Where = (where) => {
    if (filter.order === 'newest') limit(where, filter, { subject: 'subject', id: 'id' });
  };
  return { within, after };
}

function limit(
  where: Conditions,
  { subject, since, until }: EventFilter,
  by: { readonly subject: string; readonly id: string },
): void {
  if (subject !== null) where.add(`${by.subject} = ${where.bind(subject)}`);
  if (since !== null) where.add(`${by.id} >= ${where.bind(firstIdAt('evt', since))}`);
  if (until !== null) where.add(`${by.id} < ${where.bind(firstIdAt('evt', until))}`);
}

function filtersOf({ sql }: Database, filter: EventFilter): Where {
  const { tenant, types, order } = filter;
  return (where) => {
    // As expressions, so that no index on them tempts the planner away from the rows that are looked at.
    if (order === 'commit') limit(where, filter, { subject: `subject || ''`, id: `id || ''` });
    where.add('test IS NULL');
    if (tenant !== null) where.add(`tenant IN (${where.bind(tenant)}, '${ALL_TENANTS}')`);
    if (types !== null) where.add(`type IN ${sql.list(where.bind(JSON.stringify(types)))}`);
  };
}
