import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../storage/database.js';

interface Context {
  readonly manager: EntityManager;
  over: boolean;
}

/** Knows the transaction that the caller is in. */
@Injectable()
export class Transactions {
  private readonly context = new AsyncLocalStorage<Context>();
  // Remembers the context in which the application was made: there, also the host's own storage knows of no transaction.
  private readonly root = new AsyncResource('WebhooksTransactions');

  constructor(
    private readonly database: Database,
    /** The host's own way to know, for hosts that keep the manager in a context. */
    private readonly ofHost: (() => EntityManager | undefined) | undefined,
  ) {}

  /** Runs work in a transaction; inside of another one, in a savepoint of that. */
  run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const inside = (manager: EntityManager): Promise<T> => this.within(manager, work);
    const outer = this.current();
    return outer ? outer.transaction(inside) : this.database.transaction(inside);
  }

  /** The manager of the transaction that the caller is in, if there is one. */
  current(): EntityManager | undefined {
    const context = this.context.getStore();
    // Work that was started inside a transaction and outlives it is in none.
    if (context && !context.over) return context.manager;
    const manager = this.ofHost?.();
    return manager?.queryRunner?.isTransactionActive ? manager : undefined;
  }

  /** Runs work as if the caller were in no transaction: for what goes on after it. */
  outside<T>(work: () => T): T {
    return this.root.runInAsyncScope(work);
  }

  private async within<T>(manager: EntityManager, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const context: Context = { manager, over: false };
    try {
      return await this.context.run(context, () => work(manager));
    } finally {
      context.over = true;
    }
  }
}
