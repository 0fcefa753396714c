/** Writes a batch; gives the result of each item, in order. A result that is an Error rejects its item alone. */
export type BatchWrite<Item, Result> = (items: readonly Item[]) => Promise<readonly (Result | Error)[]>;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

const BATCH = 200;

/**
 * Gathers what concurrent callers want written into one statement: each caller waits for the commit that holds
 * his item. What arrives while a batch is being written goes with the next.
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private scheduled = false;

  /**
   * `concernsAll`: errors that no item is to blame for; writing them one by one would fail again.
   * `whenIdle`: called whenever nothing waits any more.
   */
  constructor(
    private readonly write: BatchWrite<Item, Result>,
    private readonly concernsAll: (error: unknown) => boolean,
    private readonly whenIdle: () => void,
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => void this.flush());
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH);
      if (!(await this.tryWrite(batch))) await this.writeOneByOne(batch);
    }
    this.scheduled = false;
    this.whenIdle();
  }

  // One item that the database refuses must not take the others with it.
  private async writeOneByOne(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    for (const entry of batch) {
      await this.write([entry.item]).then(([result]) => settle(entry, result!), entry.reject);
    }
  }

  private async tryWrite(batch: readonly Waiting<Item, Result>[]): Promise<boolean> {
    try {
      const results = await this.write(batch.map(({ item }) => item));
      batch.forEach((entry, index) => settle(entry, results[index]!));
      return true;
    } catch (error) {
      if (batch.length > 1 && !this.concernsAll(error)) return false;
      for (const { reject } of batch) reject(error);
      return true;
    }
  }
}

function settle<Item, Result>(entry: Waiting<Item, Result>, result: Result | Error): void {
  if (result instanceof Error) entry.reject(result);
  else entry.resolve(result);
}
