import { AsyncLocalStorage } from 'node:async_hooks';

/** How long transactions may follow each other without a turn of the event loop. */
const LONGEST_ROW_MS = 5;

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
  private rowBeganAt = 0;

  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.context.getStore();
    if (turn && !turn.over) return work();
    const mine: Turn = { over: false };
    const result = this.last.then(() => this.context.run(mine, work)).finally(() => (mine.over = true));
    this.last = result.catch(() => undefined).then(() => this.breathe());
    return result;
  }

  // SQLite answers at once, so transactions in a row are one long chain of microtasks: without a break no timer, no
  // socket and no webhook gets a turn before the last of them.
  private async breathe(): Promise<void> {
    if (performance.now() - this.rowBeganAt < LONGEST_ROW_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.rowBeganAt = performance.now();
  }
}
