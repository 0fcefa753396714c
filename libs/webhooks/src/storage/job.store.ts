import { Injectable } from '@nestjs/common';
import type { JobKind, JobRecord, JobState, NewJob } from '../history/job.js';
import { Clock } from '../internal/clock.js';
import { Conditions } from './conditions.js';
import { Database } from './database.js';
import type { Row, Statement } from './database.js';
import { JOB, jobOf } from './job-columns.js';
import { JobStatements } from './job-statements.js';
import { OrderStatements } from './order-statements.js';

/** A job that this process has leased. */
export interface ClaimedJob extends JobRecord {
  readonly fence: number;
  /** Nothing stored behind this is looked at; in the form of its database. */
  readonly horizon: string;
  /** There is nothing more to open. */
  readonly complete: boolean;
  /** Deliveries that it has opened and that were not yet counted. */
  readonly open: number;
}

/** What one step of a job does, all of it or nothing. */
export interface JobStep {
  readonly deliveries: readonly { readonly id: string; readonly eventId: string }[];
  /** Subjects whose line goes on without these. */
  readonly subjects: readonly { readonly tenant: string; readonly subject: string }[];
  /** Where the next step begins. */
  readonly cursor: string | null;
  readonly reached: number | null;
  /** There is nothing more to open. */
  readonly complete: boolean;
  /** Events that a dry run found. */
  readonly found: number;
  /** More may be found at once; otherwise somebody has to be waited for. */
  readonly goesOn: boolean;
  readonly leaseMs: number;
  readonly lifeMs: number;
}

/** Which jobs. */
export interface JobFilter {
  readonly tenant: string | null;
  readonly subscriptionId: string | null;
  readonly limit: number;
  /** Those with a smaller id. */
  readonly before: string | null;
}

/** A job that was ended, and the deliveries that will not be sent after all. */
export interface ClosedJob {
  readonly job: JobRecord;
  readonly deliveries: ReadonlySet<string>;
}

const NEW = [
  ...['id', 'kind', 'subscription_id', 'tenant', 'event_types', 'dry_run', 'since_at', 'until_at'],
  ...['state', 'complete', 'matched', 'succeeded', 'failed', 'canceled', 'fence'],
  ...['created_at', 'progressed_at', 'due_at'],
].join(', ');

/** Recoveries and replays at rest. */
@Injectable()
export class JobStore {
  private readonly statements: JobStatements;
  private readonly order: OrderStatements;
  private readonly jobs: string;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.statements = new JobStatements(database.sql);
    this.order = new OrderStatements(database.sql);
    this.jobs = database.sql.table('jobs');
  }

  /**
   * Writes it, due at once, unless its tenant has so many under way (`full`), or its subscription has one (`taken`; a dry
   * run is in nobody's way).
   */
  async insert(job: NewJob, mostOfTenant: number): Promise<JobRecord | 'full' | 'taken'> {
    const active = `FROM ${this.jobs} j WHERE j.due_at IS NOT NULL`;
    const taken = `EXISTS (SELECT 1 ${active} AND j.subscription_id = $1 AND j.dry_run = 0 AND $2 = 0)`;
    const [, inserted, state] = await this.database.run([
      this.lock(),
      this.insertion(job, active, mostOfTenant),
      {
        sql: `SELECT CASE WHEN ${taken} THEN 1 ELSE 0 END AS taken`,
        params: [job.subscriptionId, Number(job.dryRun)],
      },
    ]);
    const [row] = inserted!;
    if (row) return jobOf(row);
    return Number(state![0]!.taken) === 1 ? 'taken' : 'full';
  }

  async find(id: string): Promise<JobRecord | undefined> {
    const [rows] = await this.database.run([this.statements.find(this.clock.offset, id)]);
    return rows!.map(jobOf)[0];
  }

  /** Newest first. */
  async list({ tenant, subscriptionId, limit, before }: JobFilter): Promise<JobRecord[]> {
    const which = new Conditions();
    const now = this.database.sql.now(which.bind(this.clock.offset));
    // Also a condition by which SQLite finds the index when there is no other.
    which.add(before === null ? `id > ''` : `id < ${which.bind(before)}`);
    if (tenant !== null) which.add(`tenant = ${which.bind(tenant)}`);
    if (subscriptionId !== null) which.add(`subscription_id = ${which.bind(subscriptionId)}`);
    const sql = `SELECT ${JOB.join(', ')}, ${now} AS now FROM ${this.jobs} WHERE ${which.where}
      ORDER BY id DESC LIMIT ${which.bind(limit)}`;
    const [rows] = await this.database.run([{ sql, params: which.params }]);
    return rows!.map(jobOf);
  }

  /** Leases the job that is due first. */
  async claim(kinds: readonly JobKind[], leaseMs: number): Promise<ClaimedJob | undefined> {
    const [rows] = await this.database.run([this.statements.claim(this.clock.offset, kinds, leaseMs)]);
    return rows!.map(claimedOf)[0];
  }

  /** Takes a step, and gives the lease back; undefined when the job is no longer ours: then nothing was done. */
  async advance(job: ClaimedJob, step: JobStep): Promise<JobRecord | undefined> {
    const { offset } = this.clock;
    const { id, fence, kind, subscriptionId, tenant } = job;
    const { cursor, reached, complete, found, goesOn, lifeMs, leaseMs } = step;
    const moved = cursor !== job.cursor || complete !== job.complete;
    const flags = [Number(complete), found, Number(moved), Number(goesOn)];
    const rows = step.deliveries.map((each) => ({ id: each.id, event_id: each.eventId }));
    const shared = [offset, id, fence, subscriptionId, tenant, lifeMs, leaseMs, kind];
    const opened = rows.length > 0 ? this.statements.open(shared, rows) : [];
    const advanced = this.statements.advance([offset, id, fence, cursor, reached, ...flags]);
    const subjects = step.subjects.map(({ tenant: of, subject }) => ({ tenant: of, subject }));
    const results = await this.database.run(this.order.around(offset, [...opened, ...advanced], subjects));
    const row = results.flat().find((each) => each.id === id);
    return row && jobOf(row);
  }

  /** Ends a leased job before its end; its deliveries stay what they are. */
  async fail(
    { id }: ClaimedJob,
    state: Extract<JobState, 'failed' | 'canceled'>,
    error: string,
  ): Promise<void> {
    await this.database.run(this.statements.close([this.clock.offset, id, state, error], false));
  }

  /** Ends a job, and gives up what it has opened and nobody has tried; undefined when it is over. */
  async cancel(id: string): Promise<ClosedJob | undefined> {
    const params = [this.clock.offset, id, 'canceled', null];
    const rows = (await this.database.run(this.statements.close(params, true))).flat();
    const job = rows.find(({ row_of }) => row_of === 'job');
    const deliveries = rows.filter(({ row_of }) => row_of === 'delivery').map((row) => row.id as string);
    return job && { job: jobOf(job), deliveries: new Set(deliveries) };
  }

  // Jobs are seldom made: whoever makes one waits for the others, so that none is made too many.
  private lock(): Statement {
    const lock = this.database.sql.dialect === 'postgres' ? 'FOR UPDATE' : '';
    const meta = this.database.sql.table('meta');
    return { sql: `SELECT 1 FROM ${meta} WHERE name = 'subscriptions' ${lock}`, params: [] };
  }

  private insertion(job: NewJob, active: string, mostOfTenant: number): Statement {
    const now = this.database.sql.now('$1');
    const sql = `INSERT INTO ${this.jobs} (${NEW})
      SELECT $3, $4, $5, $6, $7, CAST($8 AS bigint), CAST($9 AS bigint), CASE WHEN $10 < ${now} THEN $10 ELSE ${now} END,
        'pending', 0, 0, 0, 0, 0, 0, ${now}, ${now}, ${now}
      WHERE (SELECT count(*) ${active} AND j.tenant = $6) < $2
        AND (CAST($8 AS bigint) = 1 OR NOT EXISTS (SELECT 1 ${active} AND j.subscription_id = $5 AND j.dry_run = 0))
      RETURNING ${JOB.join(', ')}, ${now} AS now`;
    const { id, kind, subscriptionId, tenant, eventTypes, dryRun, since, until } = job;
    const types = eventTypes && JSON.stringify(eventTypes);
    const values = [id, kind, subscriptionId, tenant, types, Number(dryRun), since, until];
    return { sql, params: [this.clock.offset, mostOfTenant, ...values] };
  }
}

function claimedOf(row: Row): ClaimedJob {
  return {
    ...jobOf(row),
    fence: Number(row.fence),
    horizon: row.horizon as string,
    complete: Number(row.complete) === 1,
    open: Number(row.open),
  };
}
