import { Injectable } from '@nestjs/common';
import { Clock } from '../internal/clock.js';
import type {
  ClaimedSchedule,
  NewSchedule,
  Schedule,
  ScheduleId,
  ScheduleState,
} from '../scheduling/schedule.js';
import type { Executor, Row, Statement } from './database.js';
import { Database } from './database.js';
import type { LeasedSchedule, ScheduleFilter } from './schedule-statements.js';
import { ScheduleStatements } from './schedule-statements.js';

/** Writes and reads schedules. */
@Injectable()
export class ScheduleStore {
  private readonly statements: ScheduleStatements;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.statements = new ScheduleStatements(database.sql);
  }

  /**
   * Makes a schedule, or moves the one of that key.
   *
   * @returns milliseconds until it is due; undefined: it has fired, and `rearm` is false
   */
  async schedule(executor: Executor, schedule: NewSchedule, rearm: boolean): Promise<number | undefined> {
    const [row] = await one(executor, this.statements.schedule(this.clock.offset, schedule, rearm));
    return row && Number(row.due_in);
  }

  /** Takes one back that has not fired; false: there is none. */
  async unschedule(executor: Executor, id: ScheduleId): Promise<boolean> {
    return (await one(executor, this.statements.unschedule(this.clock.offset, id))).length > 0;
  }

  /** Leases at most `limit` that are due, and counts the try that is about to begin; those that were due first come first. */
  async claim(types: readonly string[], limit: number, leaseMs: number): Promise<ClaimedSchedule[]> {
    const rows = await one(this.database, this.statements.claim(this.clock.offset, types, limit, leaseMs));
    const claimed = rows.map((row) => ({ ...scheduleOf(row), fence: Number(row.fence) }));
    return claimed.sort((a, b) => a.at - b.at);
  }

  /** Ends a leased one, in the transaction of the executor; false: it is not ours any more. */
  async close(
    executor: Executor,
    lease: LeasedSchedule,
    state: ScheduleState,
    eventId: string | null,
  ): Promise<boolean> {
    return (await one(executor, this.statements.close(this.clock.offset, lease, state, eventId))).length > 0;
  }

  /** Records why one was not fired: it is tried again after `waitMs`, or given up (null). False: it is not ours any more. */
  async putOff(lease: LeasedSchedule, error: string, waitMs: number | null): Promise<boolean> {
    const statement = this.statements.putOff(this.clock.offset, lease, error, waitMs);
    return (await one(this.database, statement)).length > 0;
  }

  /** Gives back what was claimed and not tried. */
  async release(leases: readonly LeasedSchedule[]): Promise<void> {
    const statements = leases.map((lease) => this.statements.release(lease));
    if (statements.length > 0) await this.database.run(statements);
  }

  /** By type and key. */
  async find(filter: ScheduleFilter, limit: number): Promise<Schedule[]> {
    return (await one(this.database, this.statements.find(filter, limit))).map(scheduleOf);
  }

  /**
   * Deletes everything that is scheduled, or was, about a subject; what is being fired at this moment is not fired any more.
   *
   * @param tenant null: of whichever tenant, and those that have none
   * @param executor where it is part of more
   * @returns how many there were
   */
  async eraseSubject(
    subject: string,
    tenant: string | null,
    executor: Executor = this.database,
  ): Promise<number> {
    return (await one(executor, this.statements.eraseSubject(subject, tenant))).length;
  }
}

async function one(executor: Executor, statement: Statement): Promise<Row[]> {
  const [rows] = await executor.run([statement]);
  return rows!;
}

function scheduleOf(row: Row): Schedule {
  return {
    type: row.type as string,
    key: row.key as string,
    tenant: row.tenant as string | null,
    subject: row.subject as string | null,
    data: row.data as string | null,
    state: row.state as ScheduleState,
    at: Number(row.scheduled_at),
    attempts: Number(row.attempts),
    lastError: row.last_error as string | null,
    eventId: row.event_id as string | null,
  };
}
