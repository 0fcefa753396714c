import type { CreatedSubscription, DeliveryView, SubscriptionInput } from 'nestjs-webhooks';
import { DeliveriesService } from 'nestjs-webhooks';
import type { TestDatabase, TestDatabaseOptions } from '../../support/databases.js';
import type { Host, HostOptions } from '../../support/host.js';
import { startHost } from '../../support/host.js';
import type { OrderRow } from '../../support/order-events.js';
import { OrderCreated, OrderEntity } from '../../support/order-events.js';
import type { Gate, Mutant } from '../../support/statement-tap.js';
import { StatementTap } from '../../support/statement-tap.js';
import { FaultReceiver } from '../support/fault-receiver.js';
import type { Verdict } from '../support/ledger.js';
import { Ledger } from '../support/ledger.js';

/** A host whose every step towards the database can be stopped. */
export interface FaultyHost extends Host {
  readonly tap: StatementTap;
}

/** Takes one defence out of a running host. */
export type Break = (host: FaultyHost) => void;

/** Nothing that must not be. */
export const CLEAN: Verdict = { lost: [], phantoms: [], duplicates: [] };

/** What a fault of the database is played on: hosts in this process, and a receiver. */
export class DatabaseScene {
  receiver!: FaultReceiver;
  options!: TestDatabaseOptions;
  private hosts: FaultyHost[] = [];
  private readonly attempted = new Set<string>();
  private mutant: Mutant | undefined;

  constructor(private readonly database: Pick<TestDatabase, 'fresh'>) {}

  async open(): Promise<void> {
    this.receiver = await FaultReceiver.start();
    this.options = await this.database.fresh();
    this.attempted.clear();
    this.mutant = undefined;
  }

  /** Hanging requests end with the receiver: the hosts need not wait for them. */
  async close(): Promise<void> {
    await this.receiver.close();
    const hosts = this.hosts.splice(0);
    await Promise.all(hosts.map((host) => host.close()));
    if (this.mutant && !hosts.some(({ tap }) => tap.hasMutated))
      throw new Error(`No statement has the clause: ${this.mutant.clause}`);
  }

  /** Breaks every statement of the hosts that start from now on. */
  breakBy(mutant: Mutant | undefined): void {
    this.mutant = mutant;
  }

  async host(options: HostOptions = {}, database = this.options): Promise<FaultyHost> {
    const host = await startHost(database, options);
    const faulty = Object.assign(host, { tap: new StatementTap(host, this.mutant) });
    this.hosts.push(faulty);
    return faulty;
  }

  /** Subscribes the receiver to orders. */
  subscribe(host: Host, input: SubscriptionInput = {}): Promise<CreatedSubscription> {
    const target = input.http_request ? {} : { url: this.receiver.url() };
    return host.subscriptions.create({ event_types: ['OrderCreated'], ...target, ...input });
  }

  /** Places an order with its event in one transaction; `then` runs before its end. Rejects if it was rolled back. */
  async place(host: Host, id: string, then: () => Promise<void> = async () => undefined): Promise<void> {
    this.attempted.add(id);
    await host.webhooks.transaction(async (manager) => {
      await manager.insert<OrderRow>(OrderEntity, { id, tenant: 'default', total: 1 });
      await host.webhooks.publish(OrderCreated.of(id), { manager });
      await then();
    });
  }

  /** Places orders at the same time; gives those that failed. */
  async placeAll(host: Host, ids: readonly string[]): Promise<string[]> {
    const results = await Promise.allSettled(ids.map((id) => this.place(host, id)));
    return ids.filter((_, index) => results[index]!.status === 'rejected');
  }

  /** Orders of which something is published without {@link place}. */
  attempt(...ids: readonly string[]): void {
    for (const id of ids) this.attempted.add(id);
  }

  /** Sends all that is due by now, and compares what was promised with what came. */
  async verdict(host: Host, lateMs = 0): Promise<Verdict> {
    // No attempt lasts as long as a lease: what is under way comes first.
    await host.webhooks.drain();
    if (lateMs > 0) {
      host.clock.advance(lateMs);
      await host.webhooks.drain();
    }
    const acknowledged = await host.orders();
    const rows = new Set(acknowledged);
    const rolledBack = [...this.attempted].filter((id) => !rows.has(id));
    return new Ledger({ acknowledged, rolledBack, received: this.receiver.requests }).verdict();
  }

  /** How operators see the deliveries of an event. */
  async deliveriesOf(host: Host, eventId: string): Promise<DeliveryView[]> {
    const rows = (await host.dataSource.query(
      `SELECT id FROM webhooks_deliveries WHERE event_id = '${eventId}' ORDER BY subscription_id`,
    )) as { id: string }[];
    return Promise.all(rows.map(({ id }) => host.get(DeliveriesService).get(id)));
  }
}

/** A scene for each test of the suite. */
export function useDatabaseScene(database: Pick<TestDatabase, 'fresh'>): DatabaseScene {
  const scene = new DatabaseScene(database);
  beforeEach(() => scene.open());
  afterEach(() => scene.close());
  return scene;
}

/** Holds the next commit of a host back when everything of it is written. */
export function holdNextCommit({ dataSource }: Host): Gate {
  let open!: () => void;
  let reach!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const subscriber = {
    beforeTransactionCommit: (): Promise<void> => {
      dataSource.subscribers.splice(dataSource.subscribers.indexOf(subscriber), 1);
      // All subscribers are told at the same time: the module's writes after this.
      setImmediate(reach);
      return opened;
    },
  };
  dataSource.subscribers.push(subscriber);
  return { reached, open };
}

/** Names of orders: `A-1`, `A-2` … */
export function orderIds(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${n + 1}`);
}
