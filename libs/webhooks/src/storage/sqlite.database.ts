import type BetterSqlite3 from 'better-sqlite3';
import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseBusyError } from '../errors/database-busy-error.js';
import type { Executor, Row, Statement } from './database.js';
import { Database } from './database.js';
import { SerialDataSource } from './serial.data-source.js';
import { EndedTransactions } from './ended-transactions.js';
import type { Sql } from './sql.js';
import { NoWakeUp } from './wake-up.js';
import { TransactionGate } from './transaction-gate.js';

interface Prepared {
  readonly statement: BetterSqlite3.Statement;
  /** Parameters that are bound in order (`?`): the last ones. Those before them have names (`$1`). */
  readonly inOrder: number;
}

interface Batch {
  readonly statements: readonly Statement[];
  readonly resolve: (results: Row[][]) => void;
  readonly reject: (error: unknown) => void;
  readonly giveUpAt: number;
}

/** How long a batch waits for somebody else's transaction on the shared connection to end. */
const BUSY_TIMEOUT_MS = 2_000;
/** Transactions opened behind TypeORM's back (`BEGIN` by hand) announce their end to nobody: look again after this. */
const RECHECK_MS = 5;
const STATEMENT_CACHE = 200;

/**
 * SQLite through the host's one connection. A second connection that writes would make the host's own transactions
 * fail with SQLITE_BUSY_SNAPSHOT, so batches run on the host's handle: synchronously, and only while it is in no transaction.
 */
export class SqliteDatabase extends Database {
  readonly wakeUp = new NoWakeUp();
  private readonly gate: TransactionGate;
  private readonly handle: BetterSqlite3.Database;
  private readonly ended: EndedTransactions;
  private readonly prepared = new Map<string, Prepared>();
  private waiting: Batch[] = [];
  private recheck: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    readonly sql: Sql,
  ) {
    super();
    this.handle = (
      dataSource.driver as unknown as { databaseConnection: BetterSqlite3.Database }
    ).databaseConnection;
    this.gate = dataSource instanceof SerialDataSource ? dataSource.gate : new TransactionGate();
    const flush = (): void => this.flush();
    this.ended = new EndedTransactions(this.handle);
    dataSource.subscribers.push(this.ended, {
      afterTransactionCommit: flush,
      afterTransactionRollback: flush,
    });
  }

  run(statements: readonly Statement[]): Promise<Row[][]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ statements, resolve, reject, giveUpAt: performance.now() + BUSY_TIMEOUT_MS });
      this.flush();
    });
  }

  within(manager: EntityManager): Executor {
    if (!manager.queryRunner?.isTransactionActive || this.ended.areLost)
      throw new TypeError('This manager is in no transaction');
    return { run: async (statements) => statements.map((statement) => this.execute(statement)) };
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.gate.run(() => this.dataSource.transaction(work));
  }

  get hasEndedTransaction(): boolean {
    return this.ended.areLost;
  }

  // Never throws: it also runs inside the host's commit.
  private flush(): void {
    while (this.waiting.length > 0 && !this.handle.inTransaction) this.settle(this.waiting.shift()!);
    if (this.waiting.length === 0 || this.recheck) return;
    this.recheck = setTimeout(() => {
      this.recheck = undefined;
      this.flush();
      this.giveUp();
    }, RECHECK_MS);
  }

  private giveUp(): void {
    const now = performance.now();
    const late = this.waiting.filter((batch) => batch.giveUpAt <= now);
    this.waiting = this.waiting.filter((batch) => batch.giveUpAt > now);
    for (const batch of late) batch.reject(new DatabaseBusyError(BUSY_TIMEOUT_MS));
  }

  private settle(batch: Batch): void {
    try {
      batch.resolve(
        batch.statements.length === 1 ? [this.execute(batch.statements[0]!)] : this.atomically(batch),
      );
    } catch (error) {
      batch.reject(error);
    }
  }

  private atomically(batch: Batch): Row[][] {
    this.handle.exec('BEGIN IMMEDIATE');
    try {
      const results = batch.statements.map((statement) => this.execute(statement));
      this.handle.exec('COMMIT');
      return results;
    } catch (error) {
      if (this.handle.inTransaction) this.handle.exec('ROLLBACK');
      throw error;
    }
  }

  private execute({ sql, params }: Statement): Row[] {
    const { statement, inOrder } = this.prepare(sql);
    const bound = params.length === 0 ? [] : bind(params, params.length - inOrder);
    if (statement.reader) return statement.all(...bound) as Row[];
    statement.run(...bound);
    return [];
  }

  private prepare(sql: string): Prepared {
    const known = this.prepared.get(sql);
    if (known) return known;
    if (this.prepared.size >= STATEMENT_CACHE) this.prepared.clear();
    const prepared = { statement: this.handle.prepare(sql), inOrder: sql.split('?').length - 1 };
    this.prepared.set(sql, prepared);
    return prepared;
  }
}

// The driver takes `$1` for a name.
function bind(params: readonly unknown[], named: number): unknown[] {
  const values: Record<number, unknown> = {};
  for (let index = 0; index < named; index++) values[index + 1] = params[index] ?? null;
  return [values, params.slice(named)];
}
