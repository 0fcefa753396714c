/** Says of a delivery, or of all of an event by its id, whether it is not to be sent after all. */
export type IsTakenBack = (id: string) => boolean;

/** Remembers what is not to be sent after all for those who are about to bring it, and may know no better. */
export class TakenBack {
  private readonly underWay = new Set<Set<string>>();

  /** Runs work that reads or writes what is to be sent, and tells it what was taken back since it began. */
  async during<T>(work: (isTakenBack: IsTakenBack) => Promise<T>): Promise<T> {
    const ids = new Set<string>();
    this.underWay.add(ids);
    try {
      return await work((id) => ids.has(id));
    } finally {
      this.underWay.delete(ids);
    }
  }

  /** Of deliveries and events. */
  add(some: Iterable<string>): void {
    for (const id of some) for (const ids of this.underWay) ids.add(id);
  }
}
