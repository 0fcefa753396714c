/** Emits of the host's EventEmitter2 whose mappers are at work: nobody awaits them where they were emitted. */
export class BridgedEmits {
  private readonly underWay = new Set<Promise<void>>();

  /** `work` never rejects. */
  add(work: Promise<void>): void {
    this.underWay.add(work);
    void work.then(() => this.underWay.delete(work));
  }

  /** Resolves when what has been emitted until now is stored, or logged as lost. */
  async stored(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
