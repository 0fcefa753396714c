import { jest } from '@jest/globals';
import type { CreatedSubscription, SubscriptionInput } from 'nestjs-webhooks';
import type { TestDatabase, TestDatabaseOptions } from '../../support/databases.js';
import { startHost } from '../../support/host.js';
import type { FaultHostOptions } from './fault-host.js';
import { FaultHost } from './fault-host.js';
import { FaultReceiver } from './fault-receiver.js';
import type { Verdict } from './ledger.js';
import { Ledger } from './ledger.js';

/** What one fault is played on: processes on one database, and a receiver. All of it is new for each test. */
export class FaultScene {
  receiver!: FaultReceiver;
  options!: TestDatabaseOptions;
  private readonly hosts: FaultHost[] = [];

  constructor(
    private readonly database: TestDatabase,
    private readonly places: number,
  ) {}

  /** Makes the tables. */
  async open(): Promise<void> {
    this.receiver = await FaultReceiver.start(this.places);
    this.options = await this.database.fresh();
    await (await startHost(this.options, { webhooks: { dispatch: false } })).close();
  }

  async close(): Promise<void> {
    await Promise.all(this.hosts.splice(0).map((host) => host.kill()));
    await this.receiver.close();
  }

  /** Subscribes the receiver, by default to everything at its first address. */
  async subscribe(...inputs: SubscriptionInput[]): Promise<CreatedSubscription[]> {
    const host = await startHost(this.options, { webhooks: { dispatch: false } });
    const all = inputs.length > 0 ? inputs : [{ url: this.receiver.url() }];
    const created = await Promise.all(all.map((input) => host.subscriptions.create(input)));
    await host.close();
    return created;
  }

  /** Starts a process. */
  async start(options: FaultHostOptions = {}): Promise<FaultHost> {
    const host = await FaultHost.start(this.options, options);
    this.hosts.push(host);
    return host;
  }

  /**
   * What the world sees in the end: another process sends all that it finds due, and then what was promised is compared with
   * what came. Orders that were attempted and are not in the business table count as rolled back.
   */
  async aftermath(attempted: readonly string[], options: FaultHostOptions = {}): Promise<Verdict> {
    this.receiver.answerBy(() => 204);
    const last = await this.start({ name: 'last', ...options });
    await last.drain();
    const acknowledged = await last.orders();
    await last.terminate();
    const rows = new Set(acknowledged);
    const vanished = this.hosts.flatMap(({ committed }) => committed).filter((id) => !rows.has(id));
    if (vanished.length > 0) throw new Error(`The database lost commits: ${vanished.join(', ')}`);
    const rolledBack = attempted.filter((id) => !rows.has(id));
    return new Ledger({ acknowledged, rolledBack, received: this.receiver.requests }).verdict();
  }
}

/** How a suite's scenes differ. */
export interface FaultSceneOptions {
  /** Addresses of the receiver. @default 1 */
  readonly places?: number;
  /** When a test is given up: processes start slowly on a busy machine. @default 300000 */
  readonly timeoutMs?: number;
}

/** A scene for each test of the suite. */
export function useFaultScene(
  database: TestDatabase,
  { places = 1, timeoutMs = 300_000 }: FaultSceneOptions = {},
): FaultScene {
  jest.setTimeout(timeoutMs);
  const scene = new FaultScene(database, places);
  beforeEach(() => scene.open());
  afterEach(() => scene.close());
  return scene;
}

/** Names of orders: `A-1`, `A-2` … */
export function orderIds(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${n + 1}`);
}
