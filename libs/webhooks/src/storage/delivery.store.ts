import { Injectable } from '@nestjs/common';
import type { Claim } from '../dispatch/claim.js';
import type { ClosingResult, EventClosing, FannedOut, Leased, Settlement } from '../dispatch/delivery.js';
import { Clock } from '../internal/clock.js';
import { Database } from './database.js';
import type { Row } from './database.js';
import type { DeliveryStatements } from './delivery-statements.js';
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

  /** Leases what is due: at most `limit` deliveries (none of the excluded subscriptions) and `limit` events. */
  async claim(limit: number, leaseMs: number, excludedSubscriptions: readonly string[]): Promise<Claim> {
    const results = await this.database.run(
      this.statements.claim({ offset: this.clock.offset, limit, leaseMs, excluded: excludedSubscriptions }),
    );
    return claimOf(results.flat());
  }

  /**
   * Writes delivery rows that are not there yet and closes their events, except those that are stale or lost.
   * Gives what became of each closing, in order, and the ids of the rows that are new.
   */
  async fanOut(
    closings: readonly EventClosing[],
    deliveries: readonly FannedOut[],
    leaseMs: number,
  ): Promise<{ results: ClosingResult[]; created: Set<string> }> {
    const rows = fanOutRows(deliveries, leaseMs);
    const found = await this.database.run(
      this.statements.fanOut(this.clock.offset, closings.map(closingRow), rows),
    );
    const created = found.flat().filter((row) => row.kind === 'delivery');
    return {
      results: closingResults(closings, found.flat()),
      created: new Set(created.map((row) => row.id as string)),
    };
  }

  /** Records outcomes and closes events in one go; gives what became of each closing, in order. */
  async settle(
    settlements: readonly Settlement[],
    closings: readonly EventClosing[],
  ): Promise<ClosingResult[]> {
    const results = await this.database.run(
      this.statements.settle({
        offset: this.clock.offset,
        updates: settlements.filter(({ delivery }) => delivery.fence !== null).map(outcomeRow),
        inserts: settlements.filter(({ delivery }) => delivery.fence === null).map(outcomeRow),
        attempts: settlements.map(attemptRow),
        closings: closings.map(closingRow),
      }),
    );
    return closingResults(closings, results.flat());
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
    const results = await this.database.run(
      this.statements.lease(this.clock.offset, leaseMs, { deliveries, events }),
    );
    return new Set(results.flat().map((row) => row.id as string));
  }

  /** Puts claimed deliveries of a paused or disabled subscription aside. */
  async hold(deliveries: readonly Leased[]): Promise<void> {
    if (deliveries.length > 0) await this.database.run(this.statements.hold(this.clock.offset, deliveries));
  }
}

function claimOf(rows: readonly Row[]): Claim {
  const next = rows.find((row) => row.kind === 'next')?.fence;
  return {
    deliveries: rows
      .filter((row) => row.kind === 'delivery')
      .map((row) => ({
        id: row.id as string,
        eventId: row.event_id as string,
        subscriptionId: row.subscription_id as string,
        tenant: row.tenant as string,
        attempts: Number(row.attempts),
        fence: Number(row.fence),
        body: row.body as string | null,
      })),
    events: rows
      .filter((row) => row.kind === 'event')
      .map((row) => ({ id: row.id as string, fence: Number(row.fence) })),
    subscriptionsVersion: Number(rows.find((row) => row.kind === 'version')?.fence),
    nextDueInMs: next === null || next === undefined ? null : Number(next),
  };
}

function fanOutRows(deliveries: readonly FannedOut[], leaseMs: number): Row[] {
  return deliveries.map(({ id, eventId, eventFence, subscriptionId, tenant, as }) => ({
    id,
    event_id: eventId,
    event_fence: eventFence,
    subscription_id: subscriptionId,
    tenant,
    state: as === 'held' ? 'held' : 'pending',
    due_in: as === 'held' ? null : as === 'leased' ? leaseMs : 0,
  }));
}

function outcomeRow({ delivery, state, retryInMs, attempt, body }: Settlement): Row {
  return {
    id: delivery.id,
    fence: delivery.fence,
    event_id: delivery.event.id,
    subscription_id: delivery.subscriptionId,
    tenant: delivery.tenant,
    state,
    attempts: attempt.number,
    last_status: attempt.status,
    last_error: attempt.error,
    body,
    due_in: retryInMs,
  };
}

function attemptRow({ delivery, attempt }: Settlement): Row {
  return {
    delivery_id: delivery.id,
    number: attempt.number,
    started_at: Math.round(attempt.startedAt),
    duration_ms: Math.round(attempt.durationMs),
    status: attempt.status,
    error: attempt.error,
    detail: attempt.detail,
    request: attempt.request,
    response_headers: attempt.responseHeaders,
    response_body: attempt.responseBody,
  };
}

function closingRow({ eventId, fence, subscriptionsVersion }: EventClosing): Row {
  return { id: eventId, fence, version: subscriptionsVersion };
}

function closingResults(closings: readonly EventClosing[], rows: readonly Row[]): ClosingResult[] {
  const closed = new Set(rows.filter((row) => row.kind === 'closed').map((row) => row.id));
  const version = Number(rows.find((row) => row.kind === 'version')?.fence);
  return closings.map(({ eventId, subscriptionsVersion }) => {
    if (closed.has(eventId)) return 'closed';
    return version === subscriptionsVersion ? 'lost' : 'stale';
  });
}
