import { Injectable } from '@nestjs/common';
import type { Claim } from '../dispatch/claim.js';
import type { Excluded } from '../dispatch/dispatch-settings.js';
import type { WorkKinds } from '../dispatch/due-work.js';
import type { ClosingResult, EventClosing, FannedOut, Leased, Subject } from '../dispatch/delivery.js';
import type { SettleBatch, SettleResult } from '../dispatch/settler.js';
import { RecordRefusedError } from '../errors/record-refused-error.js';
import { Clock } from '../internal/clock.js';
import type { Row, Statement } from './database.js';
import { Database } from './database.js';
import {
  attemptRows,
  claimOf,
  closingResults,
  closingRow,
  fanOutRow,
  healthRow,
  outcomeRow,
} from './delivery-rows.js';
import { isContentRefusal } from './driver-errors.js';
import type { DeliveryStatements } from './delivery-statements.js';
import { retryDeadlocks } from './retry-deadlocks.js';
import { PostgresDeliveryStatements } from './postgres.delivery-statements.js';
import { SqliteDeliveryStatements } from './sqlite.delivery-statements.js';

/** The dispatcher's statements: claim, fan out, settle, release. */
@Injectable()
export class DeliveryStore {
  private readonly statements: DeliveryStatements;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    const { sql } = database;
    this.statements =
      sql.dialect === 'postgres' ? new PostgresDeliveryStatements(sql) : new SqliteDeliveryStatements(sql);
  }

  /**
   * Leases what is due: at most about `limit` deliveries, none of the excluded, and `limit` events; and tells when other work of
   * these kinds is.
   */
  async claim(limit: number, leaseMs: number, excluded: Excluded, kinds: WorkKinds): Promise<Claim> {
    const input = { ...excluded, offset: this.clock.offset, limit, leaseMs, kinds };
    const results = await this.database.run(this.statements.claim(input));
    return claimOf(results.flat());
  }

  /**
   * Writes delivery rows that are not there yet and closes their events, except those that are stale or lost.
   * Gives what became of each closing, in order, and the ids of the rows that are new.
   */
  async fanOut(
    closings: readonly EventClosing[],
    deliveries: readonly FannedOut[],
    subjects: readonly Subject[],
  ): Promise<{ results: ClosingResult[]; created: Set<string> }> {
    const { offset } = this.clock;
    const rows = {
      closings: closings.map(closingRow),
      deliveries: deliveries.map(fanOutRow),
      subjects: subjects.map(subjectRow),
    };
    const found = (await this.database.run(this.statements.fanOut({ offset, ...rows }))).flat();
    const created = found.filter((row) => row.kind === 'delivery');
    return {
      results: closingResults(closings, found),
      created: new Set(created.map((row) => row.id as string)),
    };
  }

  /**
   * Records outcomes, closes events, notes health and lets the next of each subject go, all at once.
   *
   * @throws RecordRefusedError
   */
  async settle({ settlements, closings, health, subjects }: SettleBatch): Promise<SettleResult> {
    const results = await this.record(
      this.statements.settle({
        offset: this.clock.offset,
        updates: settlements
          .filter(({ delivery }) => delivery.fence !== null)
          .map((each) => outcomeRow(each, this.clock)),
        inserts: settlements
          .filter(({ delivery }) => delivery.fence === null)
          .map((each) => outcomeRow(each, this.clock)),
        attempts: attemptRows(settlements),
        closings: closings.map(closingRow),
        health: [...health].map(([id, state]) => healthRow(id, state)),
        subjects: subjects.map(subjectRow),
      }),
    );
    const rows = results.flat();
    const released = rows.some((row) => row.kind === 'released');
    return { closings: closingResults(closings, rows), released };
  }

  /** Gives leases back, so that the rows are due at once. */
  async release(deliveries: readonly Leased[], events: readonly Leased[]): Promise<void> {
    if (deliveries.length + events.length === 0) return;
    await this.database.run(this.statements.lease(this.clock.offset, 0, { deliveries, events }));
  }

  /** Leases for another period what is still ours; gives the ids that are. */
  async renew(
    deliveries: readonly Leased[],
    events: readonly Leased[],
    leaseMs: number,
  ): Promise<Set<string>> {
    const statements = this.statements.lease(this.clock.offset, leaseMs, { deliveries, events });
    const results = await this.database.run(statements);
    return new Set(results.flat().map((row) => row.id as string));
  }

  /** Puts claimed deliveries aside: of a paused or disabled subscription, and those whose event is gone. */
  async hold(deliveries: readonly Leased[]): Promise<void> {
    if (deliveries.length > 0) await this.database.run(this.statements.hold(this.clock.offset, deliveries));
  }

  private async record(statements: Statement[]): Promise<Row[][]> {
    try {
      return await retryDeadlocks(() => this.database.run(statements));
    } catch (cause) {
      throw isContentRefusal(cause) ? new RecordRefusedError({ cause }) : cause;
    }
  }
}

function subjectRow({ tenant, subject }: Subject): Row {
  return { tenant, subject };
}
