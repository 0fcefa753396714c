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
  /** Events on their way into the buffer. */
  readonly coming: Set<Promise<void>>;
  committing: boolean;
  /** What to do once it is committed. */
  readonly afterwards: (() => void)[];
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
    const { buffered, depth } = this.transactionOf(manager);
    buffered.push({ event, depth });
  }

  /** Calls back when the transaction that the manager is in has committed. `action` must not throw. */
  afterCommit(manager: EntityManager, action: () => void): void {
    this.transactionOf(manager).afterwards.push(action);
  }

  /** Runs work inside of the transaction, which does not end before: not even for a caller who does not wait. */
  async alongside<T>(manager: EntityManager, work: () => Promise<T>): Promise<T> {
    const { coming } = this.transactionOf(manager);
    const running = work();
    const over: Promise<void> = running.then(
      () => void coming.delete(over),
      () => void coming.delete(over),
    );
    coming.add(over);
    return running;
  }

  private async flush(transaction: OpenTransaction, { manager }: QueryRunner): Promise<void> {
    await arrived(transaction);
    if (transaction.depth > 1) return;
    transaction.committing = true;
    const events = transaction.buffered.map(({ event }) => event);
    if (events.length > 0) transaction.written = await this.actions.write(events, manager);
  }

  private transactionOf(manager: EntityManager): OpenTransaction {
    const transaction = manager.queryRunner && this.open.get(manager.queryRunner);
    // While it commits its events are written already: one more would never be.
    if (!transaction || transaction.committing) throw new PublishOutsideTransactionError();
    return transaction;
  }

  afterTransactionStart({ queryRunner }: TransactionEvent): void {
    const transaction = this.open.get(queryRunner);
    if (transaction) transaction.depth++;
    else this.open.set(queryRunner, begun());
  }

  // Most transactions of a host publish nothing: they get no promise to wait for.
  beforeTransactionCommit({ queryRunner }: TransactionEvent): Promise<void> | undefined {
    const transaction = this.open.get(queryRunner);
    if (!transaction) return undefined;
    if (transaction.coming.size > 0 || transaction.buffered.length > 0)
      return this.flush(transaction, queryRunner);
    transaction.committing = transaction.depth === 1;
    return undefined;
  }

  afterTransactionCommit({ queryRunner }: TransactionEvent): void {
    const transaction = this.open.get(queryRunner);
    if (!transaction) return;
    transaction.depth--;
    if (transaction.depth > 0) return adopt(transaction);
    this.open.delete(queryRunner);
    if (transaction.written) this.actions.handOver(transaction.written.events, transaction.written.leasedAt);
    for (const action of transaction.afterwards) action();
  }

  async beforeTransactionRollback({ queryRunner }: TransactionEvent): Promise<void> {
    const transaction = this.open.get(queryRunner);
    if (transaction) await arrived(transaction);
  }

  afterTransactionRollback({ queryRunner }: TransactionEvent): void {
    const transaction = this.open.get(queryRunner);
    if (!transaction) return;
    transaction.depth--;
    if (transaction.depth > 0) dropRolledBack(transaction);
    else this.open.delete(queryRunner);
  }
}

function begun(): OpenTransaction {
  return { depth: 1, buffered: [], coming: new Set(), committing: false, afterwards: [], written: undefined };
}

async function arrived({ coming }: OpenTransaction): Promise<void> {
  while (coming.size > 0) await Promise.all(coming);
}

function adopt(transaction: OpenTransaction): void {
  for (const buffered of transaction.buffered) buffered.depth = Math.min(buffered.depth, transaction.depth);
}

function dropRolledBack(transaction: OpenTransaction): void {
  transaction.buffered = transaction.buffered.filter(({ depth }) => depth <= transaction.depth);
}
