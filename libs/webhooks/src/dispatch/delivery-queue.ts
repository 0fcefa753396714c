import type { Delivery } from './delivery.js';
import { Lane, type Kind } from './lane.js';
import { Pace } from './pace.js';
import type { SlotLimits } from './slots.js';
import { Slots } from './slots.js';

/** How much may be in hand at once. */
export interface QueueLimits extends SlotLimits {
  readonly concurrencyPerSubscription: number;
  /** Deliveries in memory: waiting and under way. */
  readonly window: number;
  /** Characters of the events in memory. */
  readonly windowBytes: number;
}

/** What is known of the endpoints of subscriptions. */
export interface Endpoints {
  /** How many attempts may be under way at once. */
  readonly capOf: (subscriptionId: string) => number;
  /** Whether the last attempt was a success. */
  readonly answers: (subscriptionId: string) => boolean;
}

type Handler = (delivery: Delivery) => Promise<void>;

const WATCH_MS = 250;
/** Replays begin so long after each other: sent as fast as possible, a page of them would hold up what is new by as much. */
const REPLAY_EVERY_MS = 2;
/** Replays of a subscription that wait in hand: they go one by one, and each claim holds up what is new while it runs. */
const REPLAYS_AT_HAND = 32;
/** Of an endpoint that is not known to answer, in hand: what is under way, and as much again. */
const UNPROVEN_ROUNDS = 2;
/** What a delivery is taken to have, in characters, while nothing is known of this application's. */
const FIRST_SIZE = 32 * 1024;
/** So many deliveries, and their size is what is usual. */
const SIZE_MEMORY = 16;

/**
 * First in, first out for each subscription, and the subscriptions take turns: one that is slow, or has much waiting,
 * holds up nobody but itself.
 */
export class DeliveryQueue {
  private readonly lanes = new Map<string, Lane>();
  private readonly line: Lane[] = [];
  private readonly slots: Slots;
  private readonly replays = new Pace(REPLAY_EVERY_MS, () => this.pump());
  private readonly whenIdle: (() => void)[] = [];
  private handler: Handler | undefined;
  private watch: NodeJS.Timeout | undefined;
  private waiting = 0;
  private bytes = 0;
  private kept = 0;
  private usualSize = FIRST_SIZE;

  constructor(
    private readonly limits: QueueLimits,
    private readonly endpoints: Endpoints,
  ) {
    this.slots = new Slots(limits, (id) => endpoints.answers(id));
  }

  /** Deliveries in hand: waiting and under way. */
  get size(): number {
    return this.slots.size + this.waiting;
  }

  /** Deliveries whose attempt is being made. */
  get underWay(): number {
    return this.slots.size;
  }

  /** Deliveries that fit into the window, if they are of the usual size. */
  get capacity(): number {
    const { window, windowBytes } = this.limits;
    return Math.max(1, Math.min(window, Math.floor(windowBytes / this.usualSize)));
  }

  /** How many more deliveries fit into the window; none while the queue is not running. */
  get room(): number {
    const { window, windowBytes } = this.limits;
    if (!this.handler || this.bytes >= windowBytes) return 0;
    const free = Math.min(window - this.size, Math.ceil((windowBytes - this.bytes) / this.usualSize));
    return Math.max(0, free - this.kept);
  }

  /** Keeps room for deliveries that are on their way here from the database; the answer gives it free again. */
  keep(count: number): () => void {
    this.kept += count;
    return () => void (this.kept -= count);
  }

  start(handler: Handler): void {
    this.handler = handler;
    this.watch = setInterval(() => this.slots.noticeSlow() && this.pump(), WATCH_MS);
    this.watch.unref();
    this.pump();
  }

  /** Starts nothing more. */
  stop(): void {
    clearInterval(this.watch);
    this.replays.stop();
    this.handler = undefined;
    this.announceIdle();
  }

  /** Takes out what has not begun. */
  takeWaiting(): Delivery[] {
    const rest = [...this.lanes.values()].flatMap((lane) => lane.takeOut());
    this.line.length = 0;
    this.waiting = 0;
    for (const delivery of rest) this.bytes -= sizeOf(delivery);
    return rest;
  }

  /** Takes out what is meant of that. */
  drop(isMeant: (delivery: Delivery) => boolean): void {
    for (const lane of this.lanes.values()) {
      for (const delivery of lane.takeOut(isMeant)) {
        this.waiting--;
        this.bytes -= sizeOf(delivery);
      }
      if (lane.load === 0) this.lanes.delete(lane.subscriptionId);
    }
    this.announceIdle();
  }

  /** Nothing is under way, and nothing will be. */
  get isIdle(): boolean {
    return this.slots.size === 0 && (this.waiting === 0 || !this.handler);
  }

  /** Resolves when the queue is idle. */
  idle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.whenIdle.push(resolve));
  }

  push(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const lane = this.laneOf(delivery);
      lane.add(delivery);
      this.waiting++;
      const size = sizeOf(delivery);
      this.bytes += size;
      this.usualSize += (size - this.usualSize) / SIZE_MEMORY;
      this.lineUp(lane);
    }
    this.pump();
  }

  /** How many more new deliveries of a subscription fit into its share of the window. The fewer are active, the larger the share. */
  roomOf(subscriptionId: string): number {
    const load = this.lanes.get(subscriptionId)?.liveLoad ?? 0;
    return Math.max(0, this.within(this.share(), subscriptionId) - load);
  }

  /** Subscriptions of which a claim should not bring more now: each leaves room for those whose rows come later. */
  saturated(of: Kind): string[] {
    const lanes = [...this.lanes.values()];
    return lanes.flatMap((lane) => (this.fillOf(lane, of) >= 1 ? lane.subscriptionId : []));
  }

  /** Whether so much of a subscription is done that a claim should bring more. */
  isLow(subscriptionId: string, of: Kind): boolean {
    const lane = this.lanes.get(subscriptionId);
    return !lane || this.fillOf(lane, of) <= 0.5;
  }

  // What is replayed gives way to what is new, and holds none of it up.
  private fillOf(lane: Lane, of: Kind): number {
    const most = this.within(this.claimShare(), lane.subscriptionId);
    if (of === 'live') return lane.liveLoad / most;
    return Math.max(lane.load / most, lane.repeats / REPLAYS_AT_HAND);
  }

  private share(): number {
    return Math.max(
      this.limits.concurrencyPerSubscription,
      Math.floor(this.capacity / (this.lanes.size + 1)),
    );
  }

  private claimShare(): number {
    return Math.max(this.limits.concurrencyPerSubscription, Math.floor(this.share() / 2));
  }

  // Hundreds that do not answer would fill the window with what waits for them, each with no more than its share.
  private within(share: number, subscriptionId: string): number {
    const { answers, capOf } = this.endpoints;
    return answers(subscriptionId) ? share : Math.min(share, UNPROVEN_ROUNDS * capOf(subscriptionId));
  }

  private laneOf({ subscriptionId, tenant }: Delivery): Lane {
    const known = this.lanes.get(subscriptionId);
    if (known) return known;
    const lane = new Lane(subscriptionId, tenant);
    this.lanes.set(subscriptionId, lane);
    return lane;
  }

  private lineUp(lane: Lane): void {
    if (lane.inLine || lane.waiting === 0 || lane.running >= this.endpoints.capOf(lane.subscriptionId))
      return;
    lane.inLine = true;
    this.line.push(lane);
  }

  // A lane that cannot go now moves to the end of the line: one round without a start is the end.
  private pump(): void {
    let skipped = 0;
    while (this.handler && this.slots.free && skipped < this.line.length) {
      const lane = this.line.shift()!;
      if (lane.waiting === 0) lane.inLine = false;
      else if (this.slots.isFreeFor(lane) && (lane.nextIsLive || this.replays.take())) {
        lane.inLine = false;
        this.run(lane, this.handler);
        this.lineUp(lane);
        skipped = 0;
      } else {
        this.line.push(lane);
        skipped++;
      }
    }
  }

  private run(lane: Lane, handler: Handler): void {
    const delivery = lane.take();
    const slot = this.slots.take(lane);
    this.waiting--;
    lane.running++;
    const done = (): void => {
      this.slots.give(slot);
      this.bytes -= sizeOf(delivery);
      lane.running--;
      if (lane.load === 0) this.lanes.delete(lane.subscriptionId);
      this.lineUp(lane);
      this.pump();
      this.announceIdle();
    };
    handler(delivery).then(done, done);
  }

  private announceIdle(): void {
    if (this.isIdle) for (const resolve of this.whenIdle.splice(0)) resolve();
  }
}

function sizeOf({ event, body }: Delivery): number {
  return event.data.length + (body?.length ?? 0);
}
