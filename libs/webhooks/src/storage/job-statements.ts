import type { Statement } from './database.js';
import { PRIORITY } from './delivery-statements.js';
import { JOB, OPENED } from './job-columns.js';
import { OPEN, RECOVERABLE } from './schema.js';
import type { RowsText, Sql } from './sql.js';

/** A job has at most so many deliveries open that were not tried: what waits for it must not be what others wait behind. */
export const OPEN_AT_ONCE = 100;
/** Milliseconds between two looks at a job: longer, the longer nothing has happened. */
const SHORTEST_WAIT = 100;
const LONGEST_WAIT = 30_000;

/** What was held when its subscription was disabled is not sent by itself any more. */
const LEFT = `state = 'held' AND held_by = 'disabled'`;

/** Sums over the deliveries `d` that carry a job's name. */
function sums(tried: string): string {
  const count = (condition: string): string => `coalesce(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END), 0)`;
  const missed = `${tried} AND d.state NOT IN ('succeeded', 'canceled')`;
  return `${count(tried)} AS tried, ${count(missed)} AS missed,
    ${count(`d.state = 'succeeded'`)} AS arrived, ${count(`d.state = 'canceled'`)} AS dropped`;
}

/**
 * The statements of jobs. A delivery carries the name of the job that opened it until it was tried and counted, so that what
 * a job has under way is found by an index, and nothing is counted twice. `$1` is the clock's offset, `$2` the job.
 */
export class JobStatements {
  private readonly jobs: string;
  private readonly deliveries: string;
  private readonly now: string;
  private readonly tried: string;
  private readonly openText: RowsText;
  private readonly advanceSql: readonly string[];

  constructor(private readonly sql: Sql) {
    this.jobs = sql.table('jobs');
    this.deliveries = sql.table('deliveries');
    this.now = sql.now('$1');
    this.tried = `(NOT d.${OPEN} OR d.step > 0 OR ${this.left()})`;
    this.openText = { sql: this.buildOpen(), columns: OPENED };
    this.advanceSql = this.buildAdvance();
  }

  private get isPostgres(): boolean {
    return this.sql.dialect === 'postgres';
  }

  private get columns(): string {
    return `${JOB.join(', ')}, ${this.now} AS now`;
  }

  find(offset: number, id: string): Statement {
    return { sql: `SELECT ${this.columns} FROM ${this.jobs} t WHERE t.id = $2`, params: [offset, id] };
  }

  /** Takes what is due first, and remembers how far what was stored before its beginning reaches. */
  claim(offset: number, kinds: readonly string[], leaseMs: number): Statement {
    const due = `SELECT j.id FROM ${this.jobs} j WHERE j.kind IN ${this.sql.list('$2')} AND j.due_at IS NOT NULL
      AND j.due_at <= ${this.now} ORDER BY j.due_at, j.id LIMIT 1 ${this.isPostgres ? 'FOR UPDATE SKIP LOCKED' : ''}`;
    const end = this.isPostgres
      ? 'pg_current_xact_id()::text'
      : `(SELECT CAST(coalesce(max(position), 0) AS text) FROM ${this.sql.table('events')})`;
    const sql = `UPDATE ${this.jobs} SET state = 'running', due_at = ${this.now} + $3, fence = fence + 1,
        started_at = coalesce(started_at, ${this.now}), horizon = coalesce(horizon, ${end})
      WHERE id = (${due}) RETURNING ${this.columns}, fence, horizon, complete,
        (SELECT count(*) FROM ${this.deliveries} d WHERE d.job = ${this.jobs}.id) AS open`;
    return { sql, params: [offset, JSON.stringify(kinds), leaseMs] };
  }

  /** Opens deliveries for a job, as long as it is ours. */
  open(shared: readonly unknown[], rows: readonly object[]): Statement[] {
    return this.sql.forRows(this.openText, shared, rows);
  }

  /** Counts what was tried, moves the cursor, and says when to go on: one step with what {@link open} wrote before. */
  advance(params: readonly unknown[]): Statement[] {
    return this.advanceSql.map((sql, index) => ({
      sql,
      params: index === 0 ? params : params.slice(0, 3),
    }));
  }

  /** Ends a job of which nobody else has hold: `$3` its state, `$4` why. */
  close(params: readonly unknown[], giveUp: boolean): Statement[] {
    const [offset, id] = params;
    const rows = { params: [offset, id] };
    const lock = this.isPostgres
      ? [{ sql: `SELECT 1 FROM ${this.jobs} WHERE id = $1 FOR UPDATE`, params: [id] }]
      : [];
    return [
      ...lock,
      { sql: this.closeJob(giveUp), params },
      ...(giveUp ? [{ sql: this.giveUpOpened(), ...rows }] : []),
      { sql: `UPDATE ${this.deliveries} SET job = NULL WHERE job = $1`, params: [id] },
    ];
  }

  // Whatever waits in line behind one that is left is left with it, until somebody sends or cancels that one.
  private left(): string {
    const events = this.sql.table('events');
    return `(d.state = 'held' AND d.held_by = 'disabled') OR (d.state = 'waiting' AND EXISTS (
      SELECT 1 FROM ${this.deliveries} p CROSS JOIN ${events} g CROSS JOIN ${events} e
      WHERE p.subject = d.subject AND p.subscription_id = d.subscription_id AND p.${OPEN} AND p.sequence < d.sequence
        AND p.state = 'held' AND p.held_by = 'disabled'
        AND g.id = p.event_id AND e.id = d.event_id AND e.tenant = g.tenant))`;
  }

  private buildOpen(): string {
    const lock = this.isPostgres ? 'FOR UPDATE' : '';
    const isOurs = `EXISTS (SELECT 1 FROM ${this.jobs} j WHERE j.id = $2 AND j.fence = $3 AND j.state = 'running' ${lock})`;
    // Under way, or about to be, or in line: it needs no more than to be counted.
    const busy = `t.state = 'waiting' OR (t.state = 'pending' AND t.due_at <= ${this.now} + $7)`;
    const unless = (column: string, value: string): string =>
      `${column} = CASE WHEN ${busy} THEN t.${column} ELSE ${value} END`;
    // Without its place in the line of its subject: a repetition holds up nobody, and waits for nobody.
    const changes = [
      unless('state', `'pending'`),
      unless('held_by', 'NULL'),
      unless('priority', `${PRIORITY.replay}`),
      unless('subject', 'NULL'),
      unless('sequence', 'NULL'),
      unless('due_at', 'excluded.due_at'),
      unless('expires_at', 'excluded.expires_at'),
      unless('fence', 't.fence + 1'),
    ];
    return `INSERT INTO ${this.deliveries} AS t (id, event_id, subscription_id, tenant, state, priority, attempts, step,
        created_at, updated_at, expires_at, due_at, fence, job)
      SELECT r.id, r.event_id, $4, $5, 'pending', ${PRIORITY.replay}, 0, 0,
        ${this.now}, ${this.now}, ${this.now} + $6, ${this.now}, 1, $2
      FROM ${this.sql.rows('$9', OPENED)} WHERE ${isOurs}
      ON CONFLICT (event_id, subscription_id) DO UPDATE SET
        job = excluded.job, step = 0, updated_at = excluded.updated_at, ${changes.join(', ')}
      WHERE $8 = 'replay' OR t.${RECOVERABLE}`;
  }

  private buildAdvance(): string[] {
    const isOurs = `t.id = $2 AND t.fence = $3 AND t.state = 'running'`;
    const mine = `FROM ${this.deliveries} d WHERE d.job = $2`;
    const done = this.isPostgres
      ? `WITH ours AS MATERIALIZED (SELECT t.id FROM ${this.jobs} t WHERE ${isOurs} FOR UPDATE),
        tried AS MATERIALIZED (SELECT d.id ${mine} AND ${this.tried} AND EXISTS (SELECT 1 FROM ours) FOR UPDATE SKIP LOCKED),
        d AS (UPDATE ${this.deliveries} AS c SET job = NULL FROM tried WHERE c.id = tried.id RETURNING c.state)`
      : '';
    const counts = this.isPostgres
      ? `(SELECT (SELECT count(*) ${mine}) AS tagged, ${sums('true')} FROM d) AS h`
      : `(SELECT count(*) AS tagged, ${sums(this.tried)} ${mine}) AS h`;
    const open = 'h.tagged - h.tried';
    const [complete, found, moved, goesOn] = [6, 7, 8, 9].map((place) => `CAST($${place} AS bigint)`);
    const isDone = `(${complete} = 1 AND ${open} = 0)`;
    const nothing = `(${moved} = 0 AND h.tried = 0)`;
    const idle = `(${this.now} - t.progressed_at) / 2`;
    const wait = `CASE WHEN NOT ${nothing} OR ${idle} < ${SHORTEST_WAIT} THEN ${SHORTEST_WAIT}
      WHEN ${idle} > ${LONGEST_WAIT} THEN ${LONGEST_WAIT} ELSE ${idle} END`;
    const update = `${done} UPDATE ${this.jobs} AS t SET cursor = $4, reached_at = coalesce(CAST($5 AS bigint), t.reached_at), complete = ${complete},
        succeeded = t.succeeded + h.arrived, failed = t.failed + h.missed, canceled = t.canceled + h.dropped,
        matched = ${this.matched(`t.matched + ${found}`)},
        progressed_at = CASE WHEN ${nothing} THEN t.progressed_at ELSE ${this.now} END,
        state = CASE WHEN ${isDone} THEN 'done' ELSE t.state END,
        finished_at = CASE WHEN ${isDone} THEN ${this.now} END,
        due_at = CASE WHEN ${isDone} THEN NULL WHEN ${complete} = 0 AND ${goesOn} = 1 AND ${open} < ${OPEN_AT_ONCE / 2} THEN ${this.now}
          ELSE ${this.now} + ${wait} END
      FROM ${counts} WHERE ${isOurs} RETURNING ${this.columns}`;
    if (this.isPostgres) return [update];
    const isStillOurs = `EXISTS (SELECT 1 FROM ${this.jobs} t WHERE t.id = $2 AND t.fence = $3)`;
    return [
      update,
      `UPDATE ${this.deliveries} AS d SET job = NULL WHERE d.job = $2 AND ${this.tried} AND ${isStillOurs}`,
    ];
  }

  // All that was ever opened: what is counted, and what still carries the name.
  private matched(dryRun: string): string {
    const found = '(t.succeeded + t.failed + t.canceled + h.tagged)';
    return `CASE WHEN t.dry_run = 1 THEN ${dryRun} WHEN ${found} > t.matched THEN ${found} ELSE t.matched END`;
  }

  private closeJob(giveUp: boolean): string {
    const rest = giveUp ? '+ h.tagged - h.tried' : '';
    return `UPDATE ${this.jobs} AS t SET state = $3, error = $4, due_at = NULL, fence = t.fence + 1, finished_at = ${this.now},
        matched = ${this.matched('t.matched')}, succeeded = t.succeeded + h.arrived, failed = t.failed + h.missed,
        canceled = t.canceled + h.dropped ${rest}
      FROM (SELECT count(*) AS tagged, ${sums(this.tried)} FROM ${this.deliveries} d WHERE d.job = $2) AS h
      WHERE t.id = $2 AND t.due_at IS NOT NULL RETURNING 'job' AS row_of, ${this.columns}`;
  }

  // As it was before, as far as the row tells: a later recovery finds again what it found.
  private giveUpOpened(): string {
    return `UPDATE ${this.deliveries} SET due_at = NULL, updated_at = ${this.now}, fence = fence + 1, job = NULL,
        state = CASE WHEN last_error IS NOT NULL THEN 'exhausted' WHEN attempts > 0 THEN 'succeeded' ELSE 'canceled' END
      WHERE job = $2 AND ${OPEN} AND step = 0 AND NOT (${LEFT}) AND priority = ${PRIORITY.replay} RETURNING 'delivery' AS row_of, id`;
  }
}
