import { Injectable } from '@nestjs/common';
import type { DeliveryState } from '../dispatch/delivery.js';
import { firstIdAt, timeOfId } from '../internal/ids.js';
import type { Row } from './database.js';
import { Database } from './database.js';
import { DELIVERY_COLUMNS, recordOf, type DeliveryRecord } from './delivery-record.js';
import type { ScanEnd, ScanRange, Where } from './index-scan.js';
import { IndexScan } from './index-scan.js';
import { NewestFirst } from './keyset.js';

/** Which deliveries; what is null does not matter. */
export interface DeliveryFilter {
  readonly tenant: string | null;
  readonly subscription: string | null;
  readonly event: string | null;
  readonly states: readonly DeliveryState[] | null;
  /** Hundreds of the last attempt's status. */
  readonly statusClass: number | null;
  /** Codes of the last attempt's error. */
  readonly errors: readonly string[] | null;
  /** Epoch milliseconds at which their events were published, half-open. */
  readonly since: number | null;
  readonly until: number | null;
  readonly test: boolean | null;
}

/** An attempt's row. */
export interface AttemptRecord {
  readonly number: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly detail: string | null;
  readonly request: string;
  readonly responseHeaders: string | null;
  readonly responseBody: string | null;
}

/** A delivery and its place in the list. */
export interface ListedDelivery {
  readonly record: DeliveryRecord;
  readonly place: string;
}

/** Reads deliveries by what they are, and their attempts. */
@Injectable()
export class DeliveryArchive {
  private readonly all: IndexScan;
  private readonly ofSubscription: IndexScan;

  constructor(private readonly database: Database) {
    const table = database.sql.table('deliveries');
    this.all = new IndexScan(database, table, new NewestFirst('id'));
    this.ofSubscription = new IndexScan(database, table, new NewestFirst('event_id'));
  }

  /** Where a look for such deliveries ends that begins after a place. */
  end(filter: DeliveryFilter, after: string | null): Promise<ScanEnd> {
    return this.scanFor(filter).end(rangeOf(filter, after));
  }

  /** The first of them after a place, up to the end of the look. */
  async read(
    filter: DeliveryFilter,
    after: string | null,
    { upTo, limit }: { upTo: string; limit: number },
  ): Promise<ListedDelivery[]> {
    const scan = this.scanFor(filter);
    const selection = { columns: DELIVERY_COLUMNS, filters: filtersOf(this.database, filter), upTo, limit };
    const rows = await scan.read(rangeOf(filter, after), selection);
    return rows.map((row) => ({ record: recordOf(row), place: scan.keyset.placeOf(row) }));
  }

  /** The latest attempts of a delivery, oldest first. */
  async attempts(deliveryId: string, limit: number): Promise<AttemptRecord[]> {
    const sql = `SELECT number, started_at, duration_ms, status, error, detail, request, response_headers, response_body
      FROM ${this.database.sql.table('attempts')} WHERE delivery_id = $1 ORDER BY number DESC LIMIT $2`;
    const [rows] = await this.database.run([{ sql, params: [deliveryId, limit] }]);
    return rows!.map(attemptOf).reverse();
  }

  // A subscription's lie in the order of their events, all of them in their own: the same one, but for the same millisecond.
  private scanFor({ subscription }: DeliveryFilter): IndexScan {
    return subscription === null ? this.all : this.ofSubscription;
  }
}

function rangeOf(filter: DeliveryFilter, after: string | null): ScanRange {
  const { subscription } = filter;
  const within: Where = (where) => {
    if (subscription !== null) where.add(`subscription_id = ${where.bind(subscription)}`);
    const [column, prefix] = subscription === null ? ['id', 'dlv'] : ['event_id', 'evt'];
    const { since, until } = periodOf(filter);
    if (since !== null) where.add(`${column} >= ${where.bind(firstIdAt(prefix!, since))}`);
    if (until !== null) where.add(`${column} < ${where.bind(firstIdAt(prefix!, until))}`);
  };
  return { within, after };
}

// The ids of an event's deliveries begin with its own instant.
function periodOf({ event, since, until }: DeliveryFilter): Pick<DeliveryFilter, 'since' | 'until'> {
  if (event === null) return { since, until };
  const at = timeOfId(event);
  return { since: Math.max(since ?? 0, at), until: Math.min(until ?? Infinity, at + 1) };
}

function filtersOf({ sql }: Database, filter: DeliveryFilter): Where {
  const { tenant, event, states, statusClass, errors, test } = filter;
  return (where) => {
    const among = (column: string, values: readonly string[] | null): void => {
      if (values !== null) where.add(`${column} IN ${sql.list(where.bind(JSON.stringify(values)))}`);
    };
    if (tenant !== null) where.add(`tenant = ${where.bind(tenant)}`);
    if (event !== null) where.add(`event_id = ${where.bind(event)}`);
    among('state', states);
    if (statusClass !== null) {
      where.add(
        `last_status >= ${where.bind(statusClass * 100)} AND last_status < ${where.bind(statusClass * 100 + 100)}`,
      );
    }
    among('last_error', errors);
    if (test !== null) where.add(`test IS ${test ? 'NOT NULL' : 'NULL'}`);
  };
}

function attemptOf(row: Row): AttemptRecord {
  return {
    number: Number(row.number),
    startedAt: Number(row.started_at),
    durationMs: Number(row.duration_ms),
    status: row.status === null ? null : Number(row.status),
    error: row.error as string | null,
    detail: row.detail as string | null,
    request: row.request as string,
    responseHeaders: row.response_headers as string | null,
    responseBody: row.response_body as string | null,
  };
}
