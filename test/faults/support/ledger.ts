/** One request, as its receiver noted it. */
export interface Receipt {
  readonly webhookId: string;
  /** Of the order that the event is about. */
  readonly orderId: string;
  /** Whether it was answered by a 2xx. */
  readonly succeeded: boolean;
  /** Where it came to: a message may go to several, once each. @default one place for all */
  readonly path?: string;
}

/** What the world can see of a fault: nothing of it is read from the module's own tables. */
export interface LedgerEntries {
  /** Orders that the host's business table holds. */
  readonly acknowledged: Iterable<string>;
  /** Orders that it must not hold: their transactions were rolled back. */
  readonly rolledBack?: Iterable<string>;
  /** In the order of arrival. */
  readonly received: Iterable<Receipt>;
}

/** What became of the orders; each list is sorted. */
export interface Verdict {
  /** Orders that are acknowledged, and no request about them was answered by a 2xx. */
  readonly lost: readonly string[];
  /** Orders that were rolled back, and a request about them came nevertheless. */
  readonly phantoms: readonly string[];
  /** Of each request that came although one of the same message had succeeded, its webhook-id. */
  readonly duplicates: readonly string[];
}

/** Compares what a host promised with what its receivers got. */
export class Ledger {
  private readonly received: readonly Receipt[];

  constructor(private readonly entries: LedgerEntries) {
    this.received = [...entries.received];
  }

  verdict(): Verdict {
    return { lost: this.lost(), phantoms: this.phantoms(), duplicates: this.duplicates() };
  }

  private lost(): string[] {
    const successes = this.received.filter(({ succeeded }) => succeeded);
    const arrived = new Set(successes.map(({ orderId }) => orderId));
    return [...new Set(this.entries.acknowledged)].filter((id) => !arrived.has(id)).sort();
  }

  private phantoms(): string[] {
    const heardOf = new Set(this.received.map(({ orderId }) => orderId));
    return [...new Set(this.entries.rolledBack)].filter((id) => heardOf.has(id)).sort();
  }

  private duplicates(): string[] {
    const done = new Set<string>();
    const surplus: string[] = [];
    for (const { webhookId, path = '', succeeded } of this.received) {
      const message = `${path} ${webhookId}`;
      if (done.has(message)) surplus.push(webhookId);
      else if (succeeded) done.add(message);
    }
    return surplus.sort();
  }
}
