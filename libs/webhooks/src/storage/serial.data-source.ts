import type { QueryRunner } from 'typeorm';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { DataSource, EntityManager } from 'typeorm';
import { TransactionGate } from './transaction-gate.js';

type Work<T> = (manager: EntityManager) => Promise<T>;

class SerialEntityManager extends EntityManager {
  private readonly gate: TransactionGate;

  constructor(dataSource: SerialDataSource, queryRunner?: QueryRunner) {
    super(dataSource, queryRunner);
    this.gate = dataSource.gate;
  }

  override transaction<T>(work: Work<T>): Promise<T>;
  override transaction<T>(isolationLevel: IsolationLevel, work: Work<T>): Promise<T>;
  override transaction<T>(first: IsolationLevel | Work<T>, second?: Work<T>): Promise<T> {
    const start = (): Promise<T> =>
      typeof first === 'function' ? super.transaction(first) : super.transaction(first, second!);
    return this.queryRunner ? start() : this.gate.run(start);
  }
}

/**
 * A DataSource whose transactions take turns, for databases with one connection (SQLite): TypeORM's own become
 * savepoints of each other when they overlap, and one rollback then undoes what others were told is committed.
 *
 * Opt-in: `TypeOrmModule.forRootAsync({ useFactory, dataSourceFactory: async (o) => new SerialDataSource(o!).initialize() })`.
 * Plain statements outside of transactions are not held back: they still join a transaction that happens to be open.
 */
export class SerialDataSource extends DataSource {
  // Created on first use: the base constructor already asks for an entity manager, before a field initialiser runs.
  declare private turns: TransactionGate | undefined;

  /** Whose turn it is. */
  get gate(): TransactionGate {
    return (this.turns ??= new TransactionGate());
  }

  override createEntityManager(queryRunner?: QueryRunner): EntityManager {
    return new SerialEntityManager(this, queryRunner);
  }
}
