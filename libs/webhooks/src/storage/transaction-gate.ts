import { AsyncLocalStorage } from 'node:async_hooks';

interface Turn {
  over: boolean;
}

/**
 * Lets the transactions of a one-connection database take turns. Without it, two of them started at once
 * become savepoints of each other, and the rollback of one takes the other's committed rows with it.
 * Work started inside a turn belongs to it: nested transactions do not wait for themselves.
 */
export class TransactionGate {
  private readonly context = new AsyncLocalStorage<Turn>();
  private last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.context.getStore();
    if (turn && !turn.over) return work();
    const mine: Turn = { over: false };
    const result = this.last.then(() => this.context.run(mine, work)).finally(() => (mine.over = true));
    this.last = result.catch(() => undefined);
    return result;
  }
}
