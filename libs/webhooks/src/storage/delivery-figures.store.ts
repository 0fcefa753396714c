import { Injectable } from '@nestjs/common';
import type { DeliveryState } from '../dispatch/delivery.js';
import { firstIdAt } from '../internal/ids.js';
import { Conditions } from './conditions.js';
import { Database } from './database.js';
import type { ScanEnd } from './index-scan.js';
import { IndexScan } from './index-scan.js';
import { NewestFirst } from './keyset.js';
import { OPEN } from './schema.js';

/** Which deliveries are counted. */
export interface FiguresFilter {
  readonly tenant: string | null;
  readonly subscription: string | null;
  /** Epoch milliseconds at which their events were published, half-open. */
  readonly since: number;
  readonly until: number;
}

/** A delivery, as far as it counts. */
export interface CountedDelivery {
  readonly id: string;
  readonly subscription_id: string;
  readonly state: DeliveryState;
}

/** An attempt, as far as it counts. */
export interface CountedAttempt {
  readonly id: string;
  readonly subscription_id: string;
  readonly durationMs: number;
  /** Null: it was a success. */
  readonly error: string | null;
}

/** What waits for one subscription. */
export interface WaitingRows {
  readonly subscriptionId: string;
  readonly pending: number;
  readonly held: number;
  readonly waiting: number;
  /** Id of the oldest pending one. */
  readonly oldest: string | null;
}

/** What is waiting is counted up to here. */
const COUNT_LIMIT = 10_000;

/** Reads what figures are made of. */
@Injectable()
export class DeliveryFigures {
  private readonly scans: { readonly all: IndexScan; readonly ofSubscription: IndexScan };
  private readonly deliveries: string;

  constructor(private readonly database: Database) {
    this.deliveries = database.sql.table('deliveries');
    const scan = (column: string): IndexScan =>
      new IndexScan(database, this.deliveries, new NewestFirst(column));
    this.scans = { all: scan('id'), ofSubscription: scan('event_id') };
  }

  /** Where a step ends that begins after a place, newest first. */
  end(filter: FiguresFilter, after: string | null): Promise<ScanEnd> {
    const within = (where: Conditions): void => inPeriod(where, filter);
    return this.scanFor(filter).end({ within, after });
  }

  async counted(filter: FiguresFilter, after: string | null, upTo: string): Promise<CountedDelivery[]> {
    const where = this.within(filter, after, upTo);
    const sql = `SELECT id, subscription_id, state FROM ${this.deliveries} WHERE ${where.where}`;
    const [rows] = await this.database.run([{ sql, params: where.params }]);
    return rows as unknown as CountedDelivery[];
  }

  async attempts(filter: FiguresFilter, after: string | null, upTo: string): Promise<CountedAttempt[]> {
    const where = this.within(filter, after, upTo);
    const sql = `SELECT d.id, d.subscription_id, a.duration_ms, a.error FROM
        (SELECT id, subscription_id FROM ${this.deliveries} WHERE ${where.where}) AS d
      JOIN ${this.database.sql.table('attempts')} a ON a.delivery_id = d.id`;
    const [rows] = await this.database.run([{ sql, params: where.params }]);
    return rows!.map((row) => ({
      id: row.id as string,
      subscription_id: row.subscription_id as string,
      durationMs: Number(row.duration_ms),
      error: row.error as string | null,
    }));
  }

  /** What waits now, of each subscription that there is. */
  async waiting({ tenant, subscription }: FiguresFilter): Promise<WaitingRows[]> {
    const where = new Conditions();
    if (tenant !== null) where.add(`s.tenant = ${where.bind(tenant)}`);
    if (subscription !== null) where.add(`s.id = ${where.bind(subscription)}`);
    const open = (state: DeliveryState): string =>
      `FROM ${this.deliveries} WHERE subscription_id = s.id AND state = '${state}' AND ${OPEN}`;
    const count = (state: DeliveryState): string =>
      `(SELECT count(*) FROM (SELECT 1 ${open(state)} LIMIT ${COUNT_LIMIT}) AS counted) AS ${state}`;
    const sql = `SELECT s.id, ${count('pending')}, ${count('held')}, ${count('waiting')},
        (SELECT min(id) ${open('pending')}) AS oldest
      FROM ${this.database.sql.table('subscriptions')} s WHERE ${where.where} ORDER BY s.id`;
    const [rows] = await this.database.run([{ sql, params: where.params }]);
    return rows!.map((row) => ({
      subscriptionId: row.id as string,
      pending: Number(row.pending),
      held: Number(row.held),
      waiting: Number(row.waiting),
      oldest: row.oldest as string | null,
    }));
  }

  private within(filter: FiguresFilter, after: string | null, upTo: string): Conditions {
    const where = new Conditions();
    const { keyset } = this.scanFor(filter);
    inPeriod(where, filter);
    if (after !== null) keyset.after(where, after);
    keyset.upTo(where, upTo);
    where.add('test IS NULL');
    if (filter.tenant !== null) where.add(`tenant = ${where.bind(filter.tenant)}`);
    return where;
  }

  private scanFor({ subscription }: FiguresFilter): IndexScan {
    return subscription === null ? this.scans.all : this.scans.ofSubscription;
  }
}

function inPeriod(where: Conditions, { subscription, since, until }: FiguresFilter): void {
  const [column, prefix] = subscription === null ? ['id', 'dlv'] : ['event_id', 'evt'];
  if (subscription !== null) where.add(`subscription_id = ${where.bind(subscription)}`);
  where.add(`${column} >= ${where.bind(firstIdAt(prefix!, since))}`);
  where.add(`${column} < ${where.bind(firstIdAt(prefix!, until))}`);
}
