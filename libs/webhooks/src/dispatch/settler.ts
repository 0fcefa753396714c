import type { ClosingResult, EventClosing, Settlement } from './delivery.js';

/** What the settler writes to. */
export interface SettlementStore {
  settle(settlements: readonly Settlement[], closings: readonly EventClosing[]): Promise<ClosingResult[]>;
}

/** Told after each write. */
export interface SettlementListener {
  /** The outcome of a closing. */
  closed(closing: EventClosing, result: ClosingResult): void;
  /** Outcomes are on record. */
  settled(settlements: readonly Settlement[]): void;
  /** A write failed and will be repeated. */
  failed(error: unknown, waiting: number): void;
}

type Entry = { readonly settlement: Settlement } | { readonly closing: EventClosing };

const BATCH = 200;
const LINGER_MS = 2;
const RETRY_MS = 1_000;

/**
 * Group commit of outcomes: one statement for up to 200 of them or for what two milliseconds bring.
 * Entries are written in the order in which they came, so an event is never closed before its deliveries are on record.
 */
export class Settler {
  private entries: Entry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly store: SettlementStore,
    private readonly listener: SettlementListener,
  ) {}

  settle(settlement: Settlement): void {
    this.add({ settlement });
  }

  close(closing: EventClosing): void {
    this.add({ closing });
  }

  /** Resolves when everything added so far is written, or has failed once. */
  async flushed(): Promise<void> {
    while (this.entries.length > 0 || this.writing) await (this.writing ?? this.write());
  }

  /** Outcomes that are not yet on record. */
  get pending(): number {
    return this.entries.length + (this.writing ? 1 : 0);
  }

  private add(entry: Entry): void {
    this.entries.push(entry);
    if (this.entries.length >= BATCH) void this.write();
    else this.schedule(LINGER_MS);
  }

  private schedule(ms: number): void {
    this.timer ??= setTimeout(() => void this.write(), ms);
  }

  private write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing ??= this.writeBatch().finally(() => {
      this.writing = undefined;
      if (this.entries.length >= BATCH) void this.write();
      else if (this.entries.length > 0) this.schedule(LINGER_MS);
    });
    return this.writing;
  }

  private async writeBatch(): Promise<void> {
    const batch = this.entries.splice(0, BATCH);
    const settlements = batch.flatMap((entry) => ('settlement' in entry ? [entry.settlement] : []));
    const closings = batch.flatMap((entry) => ('closing' in entry ? [entry.closing] : []));
    try {
      const results = await this.store.settle(settlements, closings);
      this.listener.settled(settlements);
      closings.forEach((closing, index) => this.listener.closed(closing, results[index]!));
    } catch (error) {
      this.entries.unshift(...batch);
      this.listener.failed(error, this.entries.length);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
