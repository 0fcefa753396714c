import type { NewSchedule, ScheduleId, ScheduleState } from '../scheduling/schedule.js';
import type { Statement } from './database.js';
import type { Sql } from './sql.js';

/** A lease on a schedule, by which it is ended. */
export interface LeasedSchedule extends ScheduleId {
  readonly fence: number;
}

/** Which schedules to read; null: whichever. */
export interface ScheduleFilter {
  readonly type: string | null;
  readonly key: string | null;
  readonly subject: string | null;
  readonly state: ScheduleState | null;
}

const COLUMNS =
  'type, key, tenant, subject, data, state, scheduled_at, attempts, last_error, event_id, fence';
const MINE = 't.type = $2 AND t.key = $3 AND t.fence = $4 AND t.due_at IS NOT NULL';
/** By the expression of the index. */
const SUBJECT = 'coalesce(subject, key)';

/** The statements about schedules. `$1` is the clock's offset, except where nothing depends on time. */
export class ScheduleStatements {
  private readonly table: string;
  private readonly now: string;
  private readonly claims = new Map<number, string>();

  constructor(private readonly sql: Sql) {
    this.table = sql.table('schedules');
    this.now = sql.now('$1');
  }

  // The fence counts on: whoever is about to fire what it was before finds that it is another one now.
  schedule(offset: number, schedule: NewSchedule, rearm: boolean): Statement {
    const { type, key, tenant, subject, data, at } = schedule;
    const taken = ['tenant', 'subject', 'data', 'scheduled_at', 'due_at', 'updated_at'];
    const sql = `INSERT INTO ${this.table} AS t
        (type, key, tenant, subject, data, state, scheduled_at, attempts, due_at, fence, created_at, updated_at)
      VALUES ($2, $3, $4, $5, $6, 'pending', $7, 0, $7, 0, ${this.now}, ${this.now})
      ON CONFLICT (type, key) DO UPDATE SET ${taken.map((column) => `${column} = excluded.${column}`).join(', ')},
        state = 'pending', attempts = 0, last_error = NULL, event_id = NULL, fence = t.fence + 1
      ${rearm ? '' : `WHERE t.state <> 'fired'`} RETURNING due_at - ${this.now} AS due_in`;
    return { sql, params: [offset, type, key, tenant, subject, data, at] };
  }

  unschedule(offset: number, { type, key }: ScheduleId): Statement {
    const sql = `UPDATE ${this.table} SET state = 'canceled', data = NULL, due_at = NULL, updated_at = ${this.now}, fence = fence + 1
      WHERE type = $2 AND key = $3 AND state IN ('pending', 'failed') RETURNING key`;
    return { sql, params: [offset, type, key] };
  }

  /** Leases what has been due longest of these types. */
  claim(offset: number, types: readonly string[], limit: number, leaseMs: number): Statement {
    const known = this.claims.get(types.length) ?? this.claimSql(types.length);
    this.claims.set(types.length, known);
    return { sql: known, params: [offset, limit, leaseMs, ...types] };
  }

  /** Ends one that is still leased under this fence; what was for the builder is needed no more. */
  close(offset: number, lease: LeasedSchedule, state: ScheduleState, eventId: string | null): Statement {
    const sql = `UPDATE ${this.table} AS t SET state = $5, event_id = $6, data = NULL, due_at = NULL, last_error = NULL,
        updated_at = ${this.now}
      WHERE ${MINE} RETURNING key`;
    return { sql, params: [offset, ...idOf(lease), state, eventId] };
  }

  /** Puts one off that could not be fired, or gives it up (null). */
  putOff(offset: number, lease: LeasedSchedule, error: string, waitMs: number | null): Statement {
    const state = waitMs === null ? 'failed' : 'pending';
    const sql = `UPDATE ${this.table} AS t SET state = '${state}', last_error = $5, due_at = ${this.now} + $6, updated_at = ${this.now}
      WHERE ${MINE} RETURNING key`;
    return { sql, params: [offset, ...idOf(lease), error, waitMs] };
  }

  /** Gives back one that was not tried: due at once, for anybody, in its old place. */
  release(lease: LeasedSchedule): Statement {
    const sql = `UPDATE ${this.table} AS t SET due_at = t.scheduled_at, attempts = t.attempts - 1
      WHERE t.type = $1 AND t.key = $2 AND t.fence = $3 AND t.due_at IS NOT NULL`;
    return { sql, params: idOf(lease) };
  }

  find(filter: ScheduleFilter, limit: number): Statement {
    const { type, key, subject, state } = filter;
    const given = [
      ...(type === null ? [] : [['type', type]]),
      ...(key === null ? [] : [['key', key]]),
      ...(subject === null ? [] : [[SUBJECT, subject]]),
    ];
    const conditions = given.map(([column], index) => `${column} = $${index + 2}`);
    // The state stands in the text, so that the index on failed ones serves.
    if (state !== null) conditions.push(`state = '${state}'`);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const sql = `SELECT ${COLUMNS} FROM ${this.table} ${where} ORDER BY type, key LIMIT $1`;
    return { sql, params: [limit, ...given.map(([, value]) => value)] };
  }

  // Of those without a tenant nobody knows whose they are before they are built: only who erases for all takes them.
  eraseSubject(subject: string, tenant: string | null): Statement {
    const whose = tenant === null ? '' : 'AND tenant = $2';
    const sql = `DELETE FROM ${this.table} WHERE ${SUBJECT} = $1 ${whose} RETURNING key`;
    return { sql, params: tenant === null ? [subject] : [subject, tenant] };
  }

  // Type by type, each by the index; MATERIALIZED for the reason given with the deliveries' claim.
  private claimSql(types: number): string {
    const isPostgres = this.sql.dialect === 'postgres';
    const lock = isPostgres ? 'FOR UPDATE SKIP LOCKED' : '';
    const ofType = Array.from(
      { length: types },
      (_, index) => `SELECT * FROM (SELECT type, key, due_at FROM ${this.table}
        WHERE type = $${4 + index} AND due_at <= ${this.now} ORDER BY due_at, key LIMIT $2 ${lock}) AS due_${index}`,
    );
    const due = `SELECT type, key FROM (${ofType.join(' UNION ALL ')}) AS due ORDER BY due_at, key LIMIT $2`;
    const update = `UPDATE ${this.table} AS t
      SET due_at = ${this.now} + $3, fence = t.fence + 1, attempts = t.attempts + 1, updated_at = ${this.now}`;
    const returning = `RETURNING ${COLUMNS.replace(/\w+/g, 't.$&')}`;
    if (isPostgres)
      return `WITH c AS MATERIALIZED (${due}) ${update} FROM c WHERE t.type = c.type AND t.key = c.key ${returning}`;
    return `${update} WHERE (t.type, t.key) IN (${due}) RETURNING ${COLUMNS}`;
  }
}

function idOf({ type, key, fence }: LeasedSchedule): [string, string, number] {
  return [type, key, fence];
}
