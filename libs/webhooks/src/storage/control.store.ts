import { Injectable } from '@nestjs/common';
import type { SubscriptionHealth } from '../dispatch/health.js';
import type { Rate, RateGrant } from '../dispatch/rate-limiter.js';
import { Clock } from '../internal/clock.js';
import { Database } from './database.js';
import type { Row } from './database.js';

/** Requests that were granted at one moment. */
type Grant = readonly [at: number, count: number];

const TRIES = 10;

/** What all processes have to know of each other beside the deliveries: rates, health, stops. */
@Injectable()
export class ControlStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Reserves up to `wanted` requests within a rate, whoever else reserves at the same moment.
   *
   * @param account whose: the id of a subscription, or a text that is none
   */
  async reserve(account: string, wanted: number, rate: Rate): Promise<RateGrant> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { now, version, grants } = await this.read(account);
      const recent = grants.filter(([at]) => at > now - rate.perMs);
      const free = rate.limit - recent.reduce((sum, [, count]) => sum + count, 0);
      const granted = Math.max(0, Math.min(wanted, free));
      const nextInMs = granted < free ? 0 : (recent[0]?.[0] ?? now) + rate.perMs - now;
      if (granted === 0) return { granted, nextInMs };
      if (await this.writeGrants(account, version, [...recent, [now, granted]])) return { granted, nextInMs };
    }
    return { granted: 0, nextInMs: rate.perMs };
  }

  /** Health of the subscriptions that are not well. */
  async health(): Promise<Map<string, SubscriptionHealth>> {
    const sql = `SELECT subscription_id, version, failures, failing_since, open_until, opens, noticed
      FROM ${this.database.sql.table('health')} WHERE failing_since IS NOT NULL`;
    const [rows] = await this.database.run([{ sql, params: [] }]);
    return new Map(rows!.map((row) => [row.subscription_id as string, healthOf(row)]));
  }

  /** Stops or starts deliveries: `*`, `tenant:…` or `subscription:…`. */
  async setStop(scope: string, stopped: boolean): Promise<void> {
    const { sql } = this.database;
    const table = sql.table('stops');
    const statement = stopped
      ? `INSERT INTO ${table} (scope, created_at) SELECT $2, ${sql.now('$1')} WHERE true ON CONFLICT DO NOTHING`
      : `DELETE FROM ${table} WHERE scope = $1`;
    await this.database.run([{ sql: statement, params: stopped ? [this.clock.offset, scope] : [scope] }]);
  }

  /** What is stopped. */
  async stops(): Promise<string[]> {
    const [rows] = await this.database.run([
      { sql: `SELECT scope FROM ${this.database.sql.table('stops')}`, params: [] },
    ]);
    return rows!.map((row) => row.scope as string);
  }

  private async read(account: string): Promise<{ now: number; version: number; grants: Grant[] }> {
    const { sql } = this.database;
    const [rows] = await this.database.run([
      {
        sql: `SELECT ${sql.now('$1')} AS now, r.version, r.grants
          FROM (SELECT 1 AS one) o LEFT JOIN ${sql.table('rates')} r ON r.account = $2`,
        params: [this.clock.offset, account],
      },
    ]);
    const row = rows![0]!;
    const grants = row.grants === null ? [] : (JSON.parse(row.grants as string) as Grant[]);
    return { now: Number(row.now), version: Number(row.version ?? 0), grants };
  }

  private async writeGrants(account: string, version: number, grants: readonly Grant[]): Promise<boolean> {
    const table = this.database.sql.table('rates');
    const sql = `INSERT INTO ${table} AS t (account, version, grants) VALUES ($1, 1, $3)
      ON CONFLICT (account) DO UPDATE SET version = t.version + 1, grants = excluded.grants WHERE t.version = $2
      RETURNING version`;
    const [rows] = await this.database.run([{ sql, params: [account, version, JSON.stringify(grants)] }]);
    return rows!.length === 1;
  }
}

function healthOf(row: Row): SubscriptionHealth {
  const state = {
    failures: Number(row.failures),
    failingSince: Number(row.failing_since),
    openUntil: row.open_until === null ? null : Number(row.open_until),
    opens: Number(row.opens),
    noticed: Number(row.noticed),
  };
  return { version: Number(row.version), state };
}
