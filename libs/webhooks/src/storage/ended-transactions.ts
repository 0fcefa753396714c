import { TransactionEndedError } from '../errors/transaction-ended-error.js';

/** The part of the driver's handle that is used here. */
interface Handle {
  readonly inTransaction: boolean;
  exec(sql: string): unknown;
}

interface TransactionEvent {
  readonly queryRunner: object;
}

/**
 * SQLite may end a transaction by itself: when the disk is full or fails, or by `RAISE(ROLLBACK)`. TypeORM's ROLLBACK then
 * fails, and from there on it takes every transaction of the process for a savepoint of the lost one, so that no commit
 * counts as the outermost and no event is ever written. Here it is given a transaction to roll back.
 */
export class EndedTransactions {
  private isLost = false;

  constructor(private readonly handle: Handle) {}

  /** Whether the transaction that is open on the handle stands for a lost one, or there is none. */
  get areLost(): boolean {
    return this.isLost || !this.handle.inTransaction;
  }

  beforeTransactionRollback({ queryRunner }: TransactionEvent): void {
    const depth = depthOf(queryRunner);
    if (this.handle.inTransaction || depth === 0) return;
    this.handle.exec('BEGIN');
    for (let savepoint = 1; savepoint < depth; savepoint++)
      this.handle.exec(`SAVEPOINT typeorm_${savepoint}`);
    this.isLost = depth > 1;
  }

  // What came before the savepoint is lost, too: the transaction around it must not commit the rest.
  beforeTransactionCommit({ queryRunner }: TransactionEvent): void {
    if (this.isLost && depthOf(queryRunner) === 1) throw new TransactionEndedError();
  }

  afterTransactionRollback({ queryRunner }: TransactionEvent): void {
    if (depthOf(queryRunner) === 0) this.isLost = false;
  }
}

// TypeORM's own count, which it keeps to itself: the statement that it sends next depends on it.
function depthOf(queryRunner: object): number {
  return (queryRunner as { readonly transactionDepth: number }).transactionDepth;
}
