import type { Delivery } from './delivery.js';

/** What a claim brings: what is new or has failed, or what is replayed. */
export type Kind = 'live' | 'replays';

const COMPACT_AFTER = 256;

/** First in, first out. */
class Line {
  private deliveries: Delivery[] = [];
  private next = 0;

  get length(): number {
    return this.deliveries.length - this.next;
  }

  add(delivery: Delivery): void {
    this.deliveries.push(delivery);
  }

  take(): Delivery {
    const delivery = this.deliveries[this.next++]!;
    if (this.next >= COMPACT_AFTER || this.length === 0) {
      this.deliveries = this.deliveries.slice(this.next);
      this.next = 0;
    }
    return delivery;
  }

  /** Takes out those of which this is true. */
  takeOut(isWanted: (delivery: Delivery) => boolean): Delivery[] {
    const waiting = this.deliveries.slice(this.next);
    this.deliveries = waiting.filter((delivery) => !isWanted(delivery));
    this.next = 0;
    return waiting.filter(isWanted);
  }
}

/** The deliveries of one subscription in this process: first in, first out, and what is repeated behind what is new. */
export class Lane {
  running = 0;
  /** It stands in line for its turn. */
  inLine = false;
  private readonly live = new Line();
  private readonly repeated = new Line();

  constructor(
    readonly subscriptionId: string,
    readonly tenant: string,
  ) {}

  /** Deliveries that have not begun. */
  get waiting(): number {
    return this.live.length + this.repeated.length;
  }

  /** Deliveries in hand. */
  get load(): number {
    return this.running + this.waiting;
  }

  /** What is repeated and has not begun. */
  get repeats(): number {
    return this.repeated.length;
  }

  /** Those in hand that something new has to share with. */
  get liveLoad(): number {
    return this.running + this.live.length;
  }

  /** What comes next is new. */
  get nextIsLive(): boolean {
    return this.live.length > 0;
  }

  add(delivery: Delivery): void {
    (delivery.isReplay ? this.repeated : this.live).add(delivery);
  }

  /** The next one; only while some are waiting. */
  take(): Delivery {
    return (this.nextIsLive ? this.live : this.repeated).take();
  }

  /** Takes out what has not begun, or of that what is meant. */
  takeOut(isMeant: (delivery: Delivery) => boolean = () => true): Delivery[] {
    return [...this.live.takeOut(isMeant), ...this.repeated.takeOut(isMeant)];
  }
}
