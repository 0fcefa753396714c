import type { DeliveryOptions } from 'nestjs-webhooks';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import type { TestDatabase } from '../../support/databases.js';
import type { Host } from '../../support/host.js';
import { partOf } from '../../support/internals.js';
import type { Stage } from '../../support/stage.js';
import { useStage } from '../../support/stage.js';
import type { Verdict } from '../support/ledger.js';
import { OrderBook, orders } from '../receivers/order-book.js';

const CONCURRENCY = 16;
/** Slow attempts, beside which only those go on who are known to answer. */
const MOST_SLOW = 4 * CONCURRENCY;
const DEAD = 200;
const ORDERS = orders(100);

/** A deadline longer than it takes until nobody else would have a slot. */
const DELIVERY: DeliveryOptions = { concurrency: CONCURRENCY, timeout: 30_000, drainTimeout: 20 };

/** What the engine knows of its endpoints, for mutants. */
export interface CrowdedQueue {
  readonly size: number;
  readonly slots: { answers: (id: string) => boolean };
  within: (share: number, id: string) => number;
}

/** A healthy endpoint that has answered once, and two hundred that hang. */
export class Crowd {
  host!: Host;
  dead!: WebhookReceiver;
  private book!: OrderBook;

  constructor(private readonly stage: Stage) {}

  get queue(): CrowdedQueue {
    return partOf<{ engine: { queue: CrowdedQueue } }>(this.host, 'Dispatcher').engine.queue;
  }

  async gather(): Promise<void> {
    this.dead.answer('*', { kind: 'hang' });
    this.host = await this.stage.host({ webhooks: { delivery: DELIVERY } });
    this.book = new OrderBook(this.host);
    await this.stage.subscribe(this.host);
    await this.book.commit('first');
    await this.host.webhooks.drain();
    for (let n = 0; n < DEAD; n++) await this.stage.subscribe(this.host, { url: this.dead.url(`/${n}`) });
  }

  /** Fills the slots with what hangs, and then commits orders until all have come to the healthy one, or deadlines had to pass. */
  async press(): Promise<void> {
    await this.book.commit('crowd');
    await this.dead.waitFor(MOST_SLOW, { timeoutMs: 29_000 });
    await this.book.takeBack('R');
    await this.book.commit(...ORDERS);
    const { receiver } = this.stage;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (receiver.requests.length >= ORDERS.length + 2 || this.deadlinesPassed) resolve();
      };
      for (const each of [receiver, this.dead]) each.onRequest(look);
      look();
    });
  }

  /** Whether attempts had to run into their deadline, so that others took their places. */
  get deadlinesPassed(): boolean {
    return this.dead.requests.length > MOST_SLOW + CONCURRENCY;
  }

  verdict(): Promise<Verdict> {
    return this.book.verdict(this.stage.receiver);
  }
}

/** A crowd for each test of the suite. */
export function useCrowd(database: TestDatabase): Crowd {
  const crowd = new Crowd(useStage(database));
  beforeEach(async () => {
    crowd.dead = await WebhookReceiver.start({ waitTimeoutMs: 120_000 });
  });
  // What hangs ends with its receiver: the host need not wait for it.
  afterEach(() => crowd.dead.close());
  return crowd;
}
