/** Where work lies that falls due beside events and deliveries, each in a table of its own. */
export const WORK_TABLES = ['schedules', 'jobs'] as const;

/** A table of {@link WORK_TABLES}. */
export type WorkTable = (typeof WORK_TABLES)[number];

/** By table, the kinds of work that this process can do: of nothing else does it want to know that it is due. */
export type WorkKinds = Readonly<Record<WorkTable, readonly string[]>>;

/** By table, milliseconds until something of these kinds falls due, 0 or less when it has; null: nothing waits. */
export type WorkDue = Readonly<Record<WorkTable, number | null>>;

/** No work of any kind. */
export const NO_WORK: WorkKinds = { schedules: [], jobs: [] };

/** Work that the sweep watches over, and begins when it is due. */
export interface DueWork {
  readonly table: WorkTable;
  /** What this process can do of it; another process may be able to do more. */
  readonly kinds: readonly string[];
  /**
   * Does a bounded part of what is due, and resolves to how much that was. Never runs twice at a time in one process.
   *
   * @param signal aborted when the process goes down: what is left is for others
   */
  run(signal: AbortSignal): Promise<number>;
}

/** What the works tell their dispatcher. */
export interface DueWorksListener {
  /** Runs in the background, to be waited for. */
  begun(run: Promise<void>): void;
  /** Something was done: there may be more of it. */
  done(): void;
}

/** The works of one process: begun by the sweep, beside the deliveries and never in their way. */
export class DueWorks {
  private readonly works = new Map<WorkTable, DueWork>();
  private readonly running = new Set<WorkTable>();
  private readonly stopping = new AbortController();

  constructor(private readonly listener: DueWorksListener) {}

  add(work: DueWork): void {
    this.works.set(work.table, work);
  }

  get kinds(): WorkKinds {
    const { schedules, jobs } = Object.fromEntries(this.works) as Partial<Record<WorkTable, DueWork>>;
    return { schedules: schedules?.kinds ?? [], jobs: jobs?.kinds ?? [] };
  }

  /** Begins what is due; gives milliseconds until the next of the others is, null when nothing waits. */
  begin(due: WorkDue): number | null {
    const waits: number[] = [];
    for (const [table, work] of this.works) {
      const ms = due[table];
      if (ms === null) continue;
      if (ms > 0) waits.push(ms);
      else this.beginOne(work);
    }
    return waits.length === 0 ? null : Math.min(...waits);
  }

  /** Begins nothing more, and asks what is under way to come to an end. */
  stop(): void {
    this.stopping.abort();
  }

  private beginOne(work: DueWork): void {
    if (this.running.has(work.table) || this.stopping.signal.aborted) return;
    this.running.add(work.table);
    this.listener.begun(this.run(work));
  }

  private async run(work: DueWork): Promise<void> {
    try {
      if ((await work.run(this.stopping.signal)) === 0) return;
    } finally {
      this.running.delete(work.table);
    }
    this.listener.done();
  }
}
