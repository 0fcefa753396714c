import type { EntityManager } from 'typeorm';
import type { Sql } from './sql.js';
import type { WakeUp } from './wake-up.js';

/** One SQL statement with `$1`-style placeholders, on both databases. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
  /**
   * Its best plan depends neither on the parameters nor on the size of the tables, so that the server may keep it for ever.
   * @default false
   */
  readonly isStable?: boolean;
}

/** A row as the driver gives it. On PostgreSQL a bigint arrives as text: read numbers with `Number(row.x)`. */
export type Row = Record<string, unknown>;

/** Something that runs statements in order and gives the rows of each. */
export interface Executor {
  run(statements: readonly Statement[]): Promise<Row[][]>;
}

/** The module's way to its tables: the host's data source or the embedded one. */
export abstract class Database implements Executor {
  /** The fragments in which the two dialects differ. */
  abstract readonly sql: Sql;

  /** Runs the statements in order and atomically, outside of any transaction of the host. */
  abstract run(statements: readonly Statement[]): Promise<Row[][]>;

  /** Runs statements inside the transaction that the manager is in. */
  abstract within(manager: EntityManager): Executor;

  /** A transaction that is safe on every driver: on a database with one connection they take turns. */
  abstract transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;

  /** How the processes on this database tell each other that something is due. */
  abstract readonly wakeUp: WakeUp;

  /** True when the database has ended the host's transaction by itself: what is written now would not be inside of it. */
  abstract readonly hasEndedTransaction: boolean;
}
