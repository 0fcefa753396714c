import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Executor, Row, Statement } from './database.js';
import { Database } from './database.js';
import { PostgresWakeUp } from './postgres.wake-up.js';
import type { Sql } from './sql.js';
import type { WakeUp } from './wake-up.js';

interface PostgresConnection {
  getTransactionStatus?(): string | null;
}

async function runOn(runner: QueryRunner, statements: readonly Statement[]): Promise<Row[][]> {
  const results: Row[][] = [];
  for (const { sql, params } of statements) {
    const result = await runner.query(sql, [...params], true);
    results.push((result.records ?? []) as Row[]);
  }
  return results;
}

/** PostgreSQL through the host's pool. */
export class PostgresDatabase extends Database {
  readonly wakeUp: WakeUp;

  constructor(
    private readonly dataSource: DataSource,
    readonly sql: Sql,
  ) {
    super();
    this.wakeUp = new PostgresWakeUp(dataSource, sql.channel);
  }

  async run(statements: readonly Statement[]): Promise<Row[][]> {
    const runner = this.dataSource.createQueryRunner('master');
    try {
      if (statements.length === 1) return await runOn(runner, statements);
      await runner.startTransaction();
      try {
        const results = await runOn(runner, statements);
        await runner.commitTransaction();
        return results;
      } catch (error) {
        if (runner.isTransactionActive) await runner.rollbackTransaction();
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  within(manager: EntityManager): Executor {
    const runner = manager.queryRunner;
    if (!runner) throw new TypeError('This manager is in no transaction');
    return { run: (statements) => runOn(runner, statements) };
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  // The server answers COMMIT of a failed transaction with ROLLBACK, and TypeORM reports it as committed.
  async isDoomed(manager: EntityManager): Promise<boolean> {
    const connection = (await manager.queryRunner?.connect()) as PostgresConnection | undefined;
    return connection?.getTransactionStatus?.() === 'E';
  }
}
