import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderCancellationService } from '../orders/order-cancellation.service.js';
import type { OrderCreationService } from '../orders/order-creation.service.js';
import type { OrderTicketingService } from '../orders/order-ticketing.service.js';
import type { LoadOptions } from './load-options.js';
import { loadOrder } from './order-factory.js';

/** The services of the booking app that an agent's screen would call. */
export interface Counter {
  readonly creation: OrderCreationService;
  readonly ticketing: OrderTicketingService;
  readonly cancellation: OrderCancellationService;
}

/** As many as would be at the counter at once. */
const AGENTS = 32;
/** How soon they notice that it is enough. */
const LOOK_MS = 100;
const TICKETED_OF = 4;
const CANCELLED_OF = 20;

/** Makes orders at a steady rate, tickets some and cancels a few, and remembers what the app acknowledged. */
export class OrderStream {
  /** When each event was committed, by what it is about, in milliseconds of `performance.now()`. */
  readonly acknowledged = new Map<string, number>();
  orders = 0;
  refused = 0;
  /** Why the first order was refused. */
  refusal: unknown = null;
  private next = 0;

  constructor(
    private readonly counter: Counter,
    private readonly options: LoadOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves when all are made, or when the signal says that it is enough. */
  async run(): Promise<void> {
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: AGENTS }, () => this.work(startedAt)));
  }

  private async work(startedAt: number): Promise<void> {
    for (let index = this.next++; index < this.options.orders; index = this.next++) {
      await this.until(startedAt + (index * 1000) / this.options.rate);
      if (this.signal.aborted) return;
      await this.make(index).catch((error: unknown) => this.refuse(error));
    }
  }

  private async until(dueAt: number): Promise<void> {
    for (let left = dueAt - performance.now(); left > 1; left = dueAt - performance.now()) {
      if (this.signal.aborted) return;
      await sleep(Math.min(left, LOOK_MS));
    }
  }

  private async make(index: number): Promise<void> {
    const { request, caller } = loadOrder(index);
    const { order } = await this.counter.creation.create(request, caller);
    this.acknowledge('OrderCreated', order.agwId);
    this.orders++;
    if (index % TICKETED_OF === 0) {
      await this.counter.ticketing.ticket(order.agwId, { card_token: 'tok_visa' }, caller);
      this.acknowledge('OrderTicketed', order.agwId);
    }
    if (index % CANCELLED_OF === 0) {
      await this.counter.cancellation.cancel(order.agwId, {}, caller);
      this.acknowledge('OrderCanceled', order.agwId);
    }
  }

  private acknowledge(event: string, agwId: string): void {
    this.acknowledged.set(`${event} ${agwId}`, performance.now());
  }

  private refuse(error: unknown): void {
    this.refused++;
    this.refusal ??= error;
  }
}
