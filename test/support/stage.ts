import type { CreatedSubscription, SubscriptionInput } from 'nestjs-webhooks';
import type { ReceivedRequest } from 'nestjs-webhooks/testing';
import { WebhookReceiver } from 'nestjs-webhooks/testing';
import type { TestDatabase, TestDatabaseOptions } from './databases.js';
import type { Host, HostOptions } from './host.js';
import { startHost } from './host.js';

/** What one test plays on: a receiver, and hosts on one database. All of it is new for each test and closed after it. */
export class Stage {
  receiver!: WebhookReceiver;
  /** Hosts of the same test are replicas: they share this. */
  options!: TestDatabaseOptions;
  private hosts: Host[] = [];

  constructor(private readonly database: TestDatabase) {}

  async open(): Promise<void> {
    this.receiver = await WebhookReceiver.start({ waitTimeoutMs: 120_000 });
    this.options = await this.database.fresh();
  }

  async close(): Promise<void> {
    for (const host of this.hosts.splice(0)) await host.close();
    await this.receiver.close();
  }

  /** Starts a host on the test's database. */
  async host(options: HostOptions = {}): Promise<Host> {
    const host = await startHost(this.options, options);
    this.hosts.push(host);
    return host;
  }

  /** Subscribes the receiver's path `/hook`, if the input names no other. */
  subscribe(host: Host, input: SubscriptionInput = {}): Promise<CreatedSubscription> {
    return host.subscriptions.create(
      input.http_request ? input : { url: this.receiver.url('/hook'), ...input },
    );
  }

  /** Sends what is due and gives the orders whose events arrived, sorted: to be compared with `host.orders()`. */
  async arrivedOrders(host: Host, path = '/hook'): Promise<string[]> {
    await host.webhooks.drain();
    return this.receiver
      .requestsTo(path)
      .map((request) => String(dataOf(request)['order_id']))
      .sort();
  }
}

/** The `data` of a request in the standard envelope. */
export function dataOf(request: ReceivedRequest): Record<string, unknown> {
  return (JSON.parse(request.body) as { data: Record<string, unknown> }).data;
}

/** A stage for each test of the suite. */
export function useStage(database: TestDatabase): Stage {
  const stage = new Stage(database);
  beforeEach(() => stage.open());
  afterEach(() => stage.close());
  return stage;
}
