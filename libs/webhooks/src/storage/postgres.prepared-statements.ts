import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { QueryFailedError } from 'typeorm';
import type { Row, Statement } from './database.js';
import { losesPreparedStatements } from './driver-errors.js';

/** The part of a `pg` client that is used here. */
interface Connection {
  /** What the server, or a pooler, gave for the id of its process. */
  readonly processID?: number | null;
  query(query: { name: string; text: string; values: unknown[] }): Promise<{ rows: Row[] }>;
}

/**
 * Runs statements that the server keeps prepared, by name, on each connection: parsing and planning one takes it several times as
 * long as writing the row. They go past TypeORM's query hooks, which know no names, but not past its logger.
 */
export class PostgresPreparedStatements {
  private readonly names = new Map<string, string>();
  private isUsable = false;

  /** `wanted`: undefined asks the server whether it can be done. */
  constructor(private readonly wanted: boolean | undefined) {}

  /**
   * Finds out whether a connection stays with one process of the server. Behind a pooler the id of that process is not the one
   * that the client was given, and another transaction may meet another process, which knows none of the names.
   */
  async examine(runner: QueryRunner): Promise<void> {
    this.isUsable = this.wanted ?? (await isDirect(runner));
  }

  /** Whether this statement is to be run here. */
  wants({ isStable }: Statement): boolean {
    return this.isUsable && isStable === true;
  }

  /** Runs one on the connection of the query runner. */
  async run(runner: QueryRunner, { sql, params }: Statement): Promise<Row[]> {
    const connection = (await runner.connect()) as Connection;
    const { logger } = runner.dataSource;
    const values = [...params];
    logger.logQuery(sql, values, runner);
    try {
      const { rows } = await connection.query({ name: this.nameOf(sql), text: sql, values });
      return rows;
    } catch (error) {
      logger.logQueryError(error as Error, sql, values, runner);
      throw new QueryFailedError(sql, values, error as Error);
    }
  }

  /** Goes on without names when the error says that the server has lost them; true: the same may be tried again. */
  givesUpAfter(error: unknown): boolean {
    if (!this.isUsable || !losesPreparedStatements(error)) return false;
    this.isUsable = false;
    new Logger('Webhooks').warn(
      `Prepared statements get lost on this connection (${String(error)}). Going on without them; ` +
        'set "preparedStatements: false" when a pooler stands before PostgreSQL',
    );
    return true;
  }

  // The name says what the text is: two modules on one connection must not share a name.
  private nameOf(sql: string): string {
    const known = this.names.get(sql);
    if (known !== undefined) return known;
    const name = `webhooks_${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`;
    this.names.set(sql, name);
    return name;
  }
}

async function isDirect(runner: QueryRunner): Promise<boolean> {
  const connection = (await runner.connect()) as Connection;
  const [row] = (await runner.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
  return connection.processID === row.pid;
}
