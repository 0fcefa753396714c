import type { EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { PublishOutsideTransactionError } from '../errors/publish-outside-transaction-error.js';
import type { NewEvent, StoredEvent } from '../internal/event.js';

/** An event that waits for its transaction to commit. */
export interface BufferedEvent {
  readonly event: NewEvent;
  /** Depth of the savepoint in which it was published; 1 is the transaction itself. */
  depth: number;
}

/** What is known of a transaction under way. */
export interface OpenTransaction {
  depth: number;
  buffered: BufferedEvent[];
  committing: boolean;
  written: { readonly events: readonly StoredEvent[]; readonly leasedAt: number | undefined } | undefined;
}

/** What happens at the two moments that count. */
export interface OutboxActions {
  /** Writes the events in the transaction that is about to commit. */
  write(
    events: readonly NewEvent[],
    manager: EntityManager,
  ): Promise<{ events: readonly StoredEvent[]; leasedAt: number | undefined } | undefined>;
  /** Takes over what is committed. Must not throw, and must not wait for the database. */
  handOver(events: readonly StoredEvent[], leasedAt: number | undefined): void;
}

type TransactionEvent = { readonly queryRunner: QueryRunner };

/**
 * Buffers the events of each transaction, writes them in one statement just before its commit, and hands them over
 * just after. Events of a savepoint that is rolled back are dropped with it.
 *
 * TypeORM calls these hooks for savepoints too, so the depth is counted here; keyed by query runner, never by manager:
 * on SQLite every `createQueryRunner()` puts a new manager on the one shared runner.
 */
export class OutboxSubscriber implements EntitySubscriberInterface {
  private readonly open = new WeakMap<QueryRunner, OpenTransaction>();

  constructor(private readonly actions: OutboxActions) {}

  /** Adds an event to the transaction that the manager is in. */
  add(event: NewEvent, manager: EntityManager): void {
    const transaction = this.assertKnown(manager);
    // Its events are written already: one more would never be.
    if (transaction.committing) throw new PublishOutsideTransactionError();
    transaction.buffered.push({ event, depth: transaction.depth });
  }

  /** The transaction that the manager is in. */
  assertKnown(manager: EntityManager): OpenTransaction {
    const transaction = manager.queryRunner && this.open.get(manager.queryRunner);
    if (!transaction) throw new PublishOutsideTransactionError();
    return transaction;
  }

  afterTransactionStart({ queryRunner }: TransactionEvent): void {
    const transaction = this.open.get(queryRunner);
    if (transaction) transaction.depth++;
    else this.open.set(queryRunner, { depth: 1, buffered: [], committing: false, written: undefined });
  }

  async beforeTransactionCommit({ queryRunner }: TransactionEvent): Promise<void> {
    const transaction = this.open.get(queryRunner);
    if (transaction?.depth !== 1) return;
    transaction.committing = true;
    if (transaction.buffered.length === 0) return;
    const events = transaction.buffered.map(({ event }) => event);
    transaction.written = await this.actions.write(events, queryRunner.manager);
  }

  afterTransactionCommit({ queryRunner }: TransactionEvent): void {
    const transaction = this.open.get(queryRunner);
    if (!transaction) return;
    transaction.depth--;
    if (transaction.depth > 0) return adopt(transaction);
    this.open.delete(queryRunner);
    if (transaction.written) this.actions.handOver(transaction.written.events, transaction.written.leasedAt);
  }

  afterTransactionRollback({ queryRunner }: TransactionEvent): void {
    const transaction = this.open.get(queryRunner);
    if (!transaction) return;
    transaction.depth--;
    if (transaction.depth > 0) dropRolledBack(transaction);
    else this.open.delete(queryRunner);
  }
}

function adopt(transaction: OpenTransaction): void {
  for (const buffered of transaction.buffered) buffered.depth = Math.min(buffered.depth, transaction.depth);
}

function dropRolledBack(transaction: OpenTransaction): void {
  transaction.buffered = transaction.buffered.filter(({ depth }) => depth <= transaction.depth);
}
