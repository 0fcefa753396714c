import type { Delivery } from './delivery.js';

/** How much may be under way at once. */
export interface QueueLimits {
  readonly concurrency: number;
  readonly concurrencyPerSubscription: number;
  /** Deliveries in memory: waiting and under way. */
  readonly window: number;
}

/** The waiting deliveries of one subscription. */
interface Lane {
  readonly subscriptionId: string;
  waiting: Delivery[];
  next: number;
  running: number;
  queued: boolean;
}

type Handler = (delivery: Delivery) => Promise<void>;

const COMPACT_AFTER = 256;

/**
 * First in, first out for each subscription, and the subscriptions take turns: one that is slow or has much waiting
 * holds up nobody but itself.
 */
export class DeliveryQueue {
  private readonly lanes = new Map<string, Lane>();
  private readonly turns: Lane[] = [];
  private handler: Handler | undefined;
  private running = 0;
  private waiting = 0;
  private readonly whenIdle: (() => void)[] = [];

  constructor(private readonly limits: QueueLimits) {}

  /** Deliveries in hand: waiting and under way. */
  get size(): number {
    return this.running + this.waiting;
  }

  /** How many more deliveries fit into the window; none while the queue is not running. */
  get room(): number {
    if (!this.handler) return 0;
    return Math.max(0, this.limits.window - this.size);
  }

  start(handler: Handler): void {
    this.handler = handler;
    this.pump();
  }

  /** Starts nothing more. */
  stop(): void {
    this.handler = undefined;
    this.announceIdle();
  }

  /** Takes out what has not begun. */
  takeWaiting(): Delivery[] {
    const rest = [...this.lanes.values()].flatMap((lane) => lane.waiting.slice(lane.next));
    for (const lane of this.lanes.values()) lane.waiting = [];
    this.lanes.clear();
    this.turns.length = 0;
    this.waiting = 0;
    return rest;
  }

  /** Nothing is under way, and nothing will be. */
  get isIdle(): boolean {
    return this.running === 0 && (this.waiting === 0 || !this.handler);
  }

  /** Resolves when the queue is idle. */
  idle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.whenIdle.push(resolve));
  }

  push(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const lane = this.lane(delivery.subscriptionId);
      lane.waiting.push(delivery);
      this.waiting++;
      this.offerTurn(lane);
    }
    this.pump();
  }

  /** Whether a subscription already has its share of the window. The fewer are active, the larger the share. */
  isSaturated(subscriptionId: string): boolean {
    const lane = this.lanes.get(subscriptionId);
    return lane !== undefined && this.load(lane) >= this.share();
  }

  /** Subscriptions that should not be given more now. */
  saturated(): string[] {
    const share = this.share();
    return [...this.lanes.values()]
      .filter((lane) => this.load(lane) >= share)
      .map((lane) => lane.subscriptionId);
  }

  private announceIdle(): void {
    if (this.isIdle) for (const resolve of this.whenIdle.splice(0)) resolve();
  }

  private share(): number {
    return Math.max(
      2 * this.limits.concurrencyPerSubscription,
      Math.floor(this.limits.window / (this.lanes.size + 1)),
    );
  }

  private load(lane: Lane): number {
    return lane.running + lane.waiting.length - lane.next;
  }

  private lane(subscriptionId: string): Lane {
    const known = this.lanes.get(subscriptionId);
    if (known) return known;
    const lane: Lane = { subscriptionId, waiting: [], next: 0, running: 0, queued: false };
    this.lanes.set(subscriptionId, lane);
    return lane;
  }

  private offerTurn(lane: Lane): void {
    const free = lane.running < this.limits.concurrencyPerSubscription;
    if (lane.queued || !free || lane.next >= lane.waiting.length) return;
    lane.queued = true;
    this.turns.push(lane);
  }

  private pump(): void {
    while (this.handler && this.running < this.limits.concurrency) {
      const lane = this.turns.shift();
      if (!lane) return;
      lane.queued = false;
      this.run(lane, take(lane), this.handler);
      this.offerTurn(lane);
    }
  }

  private run(lane: Lane, delivery: Delivery, handler: Handler): void {
    this.waiting--;
    this.running++;
    lane.running++;
    const done = (): void => {
      this.running--;
      lane.running--;
      if (this.load(lane) === 0 && this.lanes.get(lane.subscriptionId) === lane)
        this.lanes.delete(lane.subscriptionId);
      this.offerTurn(lane);
      this.pump();
      this.announceIdle();
    };
    handler(delivery).then(done, done);
  }
}

function take(lane: Lane): Delivery {
  const delivery = lane.waiting[lane.next++]!;
  if (lane.next >= COMPACT_AFTER) {
    lane.waiting = lane.waiting.slice(lane.next);
    lane.next = 0;
  }
  return delivery;
}
