import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Executor, Row, Statement } from './database.js';
import { Database } from './database.js';
import { PostgresPreparedStatements } from './postgres.prepared-statements.js';
import { PostgresWakeUp } from './postgres.wake-up.js';
import type { Sql } from './sql.js';
import type { WakeUp } from './wake-up.js';

/** PostgreSQL through the host's pool. */
export class PostgresDatabase extends Database {
  readonly wakeUp: WakeUp;
  /** After a failure the server refuses everything until the end. */
  readonly hasEndedTransaction = false;
  private readonly prepared: PostgresPreparedStatements;

  /** `preparedStatements`: undefined finds out at {@link open}. */
  constructor(
    private readonly dataSource: DataSource,
    readonly sql: Sql,
    preparedStatements?: boolean,
  ) {
    super();
    this.prepared = new PostgresPreparedStatements(preparedStatements);
    this.wakeUp = new PostgresWakeUp(dataSource, sql.channel);
  }

  /** Has to be awaited before anything is run. */
  async open(): Promise<void> {
    await this.onConnection((runner) => this.prepared.examine(runner));
  }

  async run(statements: readonly Statement[]): Promise<Row[][]> {
    try {
      return await this.onConnection((runner) => this.atomically(runner, statements));
    } catch (error) {
      if (!this.prepared.givesUpAfter(error)) throw error;
      return this.onConnection((runner) => this.atomically(runner, statements));
    }
  }

  within(manager: EntityManager): Executor {
    const runner = manager.queryRunner;
    if (!runner) throw new TypeError('This manager is in no transaction');
    return {
      run: (statements) =>
        this.runOn(runner, statements).catch((error: unknown) => {
          this.prepared.givesUpAfter(error);
          throw error;
        }),
    };
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  private async onConnection<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner('master');
    try {
      return await work(runner);
    } finally {
      await runner.release();
    }
  }

  private async atomically(runner: QueryRunner, statements: readonly Statement[]): Promise<Row[][]> {
    if (statements.length === 1) return this.runOn(runner, statements);
    await runner.startTransaction();
    try {
      const results = await this.runOn(runner, statements);
      await runner.commitTransaction();
      return results;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    }
  }

  private async runOn(runner: QueryRunner, statements: readonly Statement[]): Promise<Row[][]> {
    const results: Row[][] = [];
    for (const statement of statements) {
      const rows = this.prepared.wants(statement)
        ? await this.prepared.run(runner, statement)
        : (await runner.query(statement.sql, [...statement.params], true)).records;
      results.push((rows ?? []) as Row[]);
    }
    return results;
  }
}
