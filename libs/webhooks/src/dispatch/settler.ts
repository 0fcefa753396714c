import { RecordRefusedError } from '../errors/record-refused-error.js';
import type { ClosingResult, EventClosing, Settlement, Subject } from './delivery.js';
import type { SubscriptionHealth } from './health.js';
import { refusedBy, smallerPieces, withoutClosing, type Entry, type Piece } from './refused-records.js';

/** What is written together. */
export interface SettleBatch {
  readonly settlements: readonly Settlement[];
  readonly closings: readonly EventClosing[];
  /** By subscription. */
  readonly health: ReadonlyMap<string, SubscriptionHealth>;
  /** Subjects of which an ordered delivery may have become the first. */
  readonly subjects: readonly Subject[];
}

/** What became of a write. */
export interface SettleResult {
  /** Of each closing, in order. */
  readonly closings: readonly ClosingResult[];
  /** Deliveries that waited for one of these are due now. */
  readonly released: boolean;
}

/** What the settler writes to. */
export interface SettlementStore {
  /** @throws RecordRefusedError when the database refuses what is in the batch, and would again */
  settle(batch: SettleBatch): Promise<SettleResult>;
}

/** Told after each write. */
export interface SettlementListener {
  /** The outcome of a closing. */
  closed(closing: EventClosing, result: ClosingResult): void;
  /** Outcomes are on record; `released`: what waited for them is due. */
  settled(settlements: readonly Settlement[], released: boolean): void;
  /** A write failed and will be repeated. */
  failed(error: unknown, waiting: number): void;
  /** The database refuses what there is to record of this one; what can be of it is, unless it is `givenUp`. */
  refused(settlement: Settlement, error: RecordRefusedError, givenUp: boolean): void;
}

const BATCH = 200;
const LINGER_MS = 2;
/** Least time between two writes of a steady stream: nobody waits for the record, and every statement costs the same. */
const PACE_MS = 20;
/** Where a write takes long, the next begins only after so many times as long: what a delivery costs at load must not grow on a slow machine … */
const REST = 10;
/** … but no later than this: what is not on record is sent again should the process be killed. */
const PATIENCE_MS = 250;
const RETRY_MS = 1_000;

/**
 * Group commit of outcomes: one statement for up to 200 of them, or for what comes within two milliseconds; while they
 * keep coming, for what comes within twenty, or within ten times as long as a write takes when that is more. Where an
 * ordered delivery waits for the record, two milliseconds it stays.
 * Entries are written in the order in which they came, so an event is never closed before its deliveries are on record.
 */
export class Settler {
  private entries: Entry[] = [];
  private health = new Map<string, SubscriptionHealth>();
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Infinity;
  private wroteAt = -Infinity;
  private writeTook = 0;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly store: SettlementStore,
    private readonly listener: SettlementListener,
  ) {}

  /** `subject`: the order that the delivery stands in, if it does. */
  settle(settlement: Settlement, subject?: Subject): void {
    this.add({ settlement, subject });
  }

  close(closing: EventClosing, subject?: Subject): void {
    this.add({ closing, subject });
  }

  /** Goes with the next write. */
  note(subscriptionId: string, health: SubscriptionHealth): void {
    this.health.set(subscriptionId, health);
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
    else this.schedule(entry.subject !== undefined);
  }

  private schedule(isAwaited: boolean): void {
    const soon = performance.now() + LINGER_MS;
    const pace = Math.max(PACE_MS, Math.min(PATIENCE_MS, REST * this.writeTook));
    const at = isAwaited ? soon : Math.max(soon, this.wroteAt + pace);
    if (at >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = setTimeout(() => void this.write(), at - performance.now());
  }

  private write(): Promise<void> {
    clearTimeout(this.timer);
    this.timerAt = Infinity;
    this.writing ??= this.writeBatch().finally(() => {
      this.writing = undefined;
      if (this.entries.length >= BATCH) void this.write();
      else if (this.entries.length > 0) this.schedule(this.entries.some(({ subject }) => subject));
    });
    return this.writing;
  }

  private async writeBatch(): Promise<void> {
    this.wroteAt = performance.now();
    let pieces: Piece[] = [{ entries: this.entries.splice(0, BATCH), health: this.health }];
    this.health = new Map();
    while (pieces.length > 0) {
      const [piece, ...others] = pieces;
      try {
        await this.record(piece!);
        pieces = others;
      } catch (error) {
        if (!(error instanceof RecordRefusedError)) return this.putBack(pieces, error);
        pieces = this.withoutRefused(piece!, others, error);
      }
    }
  }

  private async record({ entries, health }: Piece): Promise<void> {
    const batch = batchOf(entries, health);
    const began = performance.now();
    const { closings, released } = await this.store.settle(batch);
    this.writeTook = performance.now() - began;
    this.listener.settled(batch.settlements, released);
    batch.closings.forEach((closing, index) => this.listener.closed(closing, closings[index]!));
  }

  private async putBack(pieces: readonly Piece[], error: unknown): Promise<void> {
    this.entries.unshift(...pieces.flatMap(({ entries }) => entries));
    this.health = new Map([...pieces.flatMap(({ health }) => [...health]), ...this.health]);
    this.listener.failed(error, this.entries.length);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }

  // One outcome that the database refuses must not take the others with it.
  private withoutRefused(piece: Piece, others: readonly Piece[], error: RecordRefusedError): Piece[] {
    const smaller = smallerPieces(piece, error);
    const refused = refusedBy(piece);
    if (!refused) return [...smaller, ...others];
    const givenUp = smaller.length === 0;
    this.listener.refused(refused, error, givenUp);
    if (!givenUp) return [...smaller, ...others];
    const { id } = refused.delivery.event;
    this.entries = withoutClosing(this.entries, id);
    return others.map((other) => ({ ...other, entries: withoutClosing(other.entries, id) }));
  }
}

function batchOf(entries: readonly Entry[], health: ReadonlyMap<string, SubscriptionHealth>): SettleBatch {
  const settlements: Settlement[] = [];
  const closings: EventClosing[] = [];
  const subjects = new Map<string, Subject>();
  for (const entry of entries) {
    if ('settlement' in entry) settlements.push(entry.settlement);
    else closings.push(entry.closing);
    if (entry.subject) subjects.set(`${entry.subject.tenant}\0${entry.subject.subject}`, entry.subject);
  }
  return { settlements, closings, health, subjects: [...subjects.values()] };
}
