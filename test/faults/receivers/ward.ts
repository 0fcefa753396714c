import type { DeliveryOptions, DeliveryView, SubscriptionInput } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import type { TestDatabase } from '../../support/databases.js';
import type { Host, HostOptions } from '../../support/host.js';
import type { Stage } from '../../support/stage.js';
import { useStage } from '../../support/stage.js';
import { OrderBook } from './order-book.js';

/** Whatever is sent earlier was not sent by the schedule: ±20 % of it. */
export const RETRY_MS = 100_000;

/** A host with two subscriptions to the same events: one endpoint is sick, its neighbour is well. */
export class Ward {
  sick!: WebhookReceiver;
  host!: Host;
  book!: OrderBook;
  /** Of the sick one's subscription. */
  id!: string;

  constructor(private readonly stage: Stage) {}

  get healthy(): WebhookReceiver {
    return this.stage.receiver;
  }

  async admit(
    delivery: DeliveryOptions = {},
    input: SubscriptionInput = {},
    options: HostOptions = {},
  ): Promise<void> {
    const webhooks = { delivery: { retrySchedule: [RETRY_MS, RETRY_MS], ...delivery } };
    this.host = await this.stage.host({ webhooks, ...options });
    this.book = new OrderBook(this.host);
    const { id } = await this.stage.subscribe(this.host, { url: this.sick.url('/hook'), ...input });
    this.id = id;
    await this.stage.subscribe(this.host);
  }

  /** Lets time pass and sends what is due then. */
  async after(ms: number): Promise<void> {
    await this.at(this.host.clock.now() + ms);
  }

  /** Lets time pass until an instant (if it has not come by itself: machines are slow) and sends what is due then. */
  async at(ms: number): Promise<void> {
    this.host.clock.advance(Math.max(0, ms - this.host.clock.now()));
    await this.host.webhooks.drain();
  }

  /** The sick one's deliveries, oldest first. */
  async deliveries(): Promise<DeliveryView[]> {
    const rows = (await this.host.dataSource.query(
      `SELECT id FROM webhooks_deliveries WHERE subscription_id = '${this.id}' ORDER BY id`,
    )) as { id: string }[];
    const deliveries = this.host.get(DeliveriesService);
    return Promise.all(rows.map(({ id }) => deliveries.get(id)));
  }
}

/** A ward for each test of the suite. */
export function useWard(database: TestDatabase): Ward {
  const ward = new Ward(useStage(database));
  beforeEach(async () => {
    ward.sick = await WebhookReceiver.start({ waitTimeoutMs: 120_000 });
  });
  // Before the stage's own: the host does not wait for what hangs.
  afterEach(() => ward.sick.close());
  return ward;
}
