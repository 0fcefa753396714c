import type { Delivery } from './delivery.js';

const COMPACT_AFTER = 256;

/** The deliveries of one subscription in this process: first in, first out. */
export class Lane {
  running = 0;
  /** It stands in line for its turn. */
  inLine = false;
  private deliveries: Delivery[] = [];
  private next = 0;

  constructor(
    readonly subscriptionId: string,
    readonly tenant: string,
  ) {}

  /** Deliveries that have not begun. */
  get waiting(): number {
    return this.deliveries.length - this.next;
  }

  /** Deliveries in hand. */
  get load(): number {
    return this.running + this.waiting;
  }

  add(delivery: Delivery): void {
    this.deliveries.push(delivery);
  }

  /** The next one; only while some are waiting. */
  take(): Delivery {
    const delivery = this.deliveries[this.next++]!;
    if (this.next >= COMPACT_AFTER || this.waiting === 0) {
      this.deliveries = this.deliveries.slice(this.next);
      this.next = 0;
    }
    return delivery;
  }

  /** Takes out those of these that have not begun. */
  takeOut(ids: ReadonlySet<string>): Delivery[] {
    const isWanted = ({ id }: Delivery): boolean => ids.has(id);
    const waiting = this.takeAll();
    this.deliveries = waiting.filter((delivery) => !isWanted(delivery));
    return waiting.filter(isWanted);
  }

  /** Takes out what has not begun. */
  takeAll(): Delivery[] {
    const rest = this.deliveries.slice(this.next);
    this.deliveries = [];
    this.next = 0;
    return rest;
  }
}
