import type { TestDatabase } from './databases.js';

/** Counts what reaches the database, outside of the application's transactions and inside of them. */
interface Ledger {
  outside: number;
  inside: number;
  note(sql: string): void;
  clear(): void;
}

abstract class Counter implements Ledger {
  outside = 0;
  inside = 0;

  clear(): void {
    this.outside = 0;
    this.inside = 0;
  }

  abstract note(sql: string): void;
}

/**
 * Every text that TypeORM sends: each is a round trip. The connections run side by side, so what belongs to a transaction of
 * the application is known by its text: its beginning and its end, its own rows, and the row of the event.
 */
class PostgresLedger extends Counter {
  note(sql: string): void {
    const isInside =
      /^(START TRANSACTION|COMMIT|INSERT INTO test_orders)/.test(sql) || /^WITH s AS/.test(sql);
    if (isInside) this.inside++;
    else this.outside++;
  }
}

/**
 * Transactions on the one handle, as each costs a write to the disk: `BEGIN` to `COMMIT` is one, and so is a statement that
 * stands by itself, also if it only reads. Statements inside of a transaction cost no round trip and are not counted.
 */
class SqliteLedger extends Counter {
  private isOpen = false;

  note(sql: string): void {
    if (/^(COMMIT|ROLLBACK)/.test(sql)) this.isOpen = false;
    else if (!this.isOpen) {
      if (/^BEGIN TRANSACTION/.test(sql)) this.inside++;
      else this.outside++;
      this.isOpen = sql.startsWith('BEGIN');
    }
  }
}

/** By the name of the database. */
export const LedgerOf: Readonly<Record<TestDatabase['name'], new () => Ledger>> = {
  postgres: PostgresLedger,
  sqlite: SqliteLedger,
};
