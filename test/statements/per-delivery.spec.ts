import { CountingReceiver } from '../support/counting-receiver.js';
import type { TestDatabase } from '../support/databases.js';
import { describeDatabases } from '../support/databases.js';
import type { Host } from '../support/host.js';
import { LedgerOf } from '../support/statement-ledger.js';
import { OrderCreated } from '../support/order-events.js';
import { useStage } from '../support/stage.js';

const DELIVERIES = 1_000;
const TENANTS = 20;
/** Transactions of the application under way at once. */
const CALLERS = 50;
const BOUND = 0.2;

describeDatabases('statements', (database: TestDatabase) => {
  const stage = useStage(database);
  let receiver: CountingReceiver;

  beforeEach(async () => (receiver = await CountingReceiver.start()));
  afterEach(() => receiver.close());

  async function start(options: object = {}) {
    const ledger = new LedgerOf[database.name]();
    const host = await stage.host({ onStatement: (sql) => ledger.note(sql), ...options });
    for (let n = 0; n < TENANTS; n++)
      await stage.subscribe(host, { url: receiver.url(`/${n}`), tenant: `tenant-${n}` });
    return { host, ledger };
  }

  async function order(host: Host, n: number): Promise<void> {
    await host.webhooks.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO test_orders (id, tenant, total) VALUES ('order-${n}', 'tenant-${n % TENANTS}', 1)`,
      );
      await host.webhooks.publish(OrderCreated.of(`order-${n}`), { tenant: `tenant-${n % TENANTS}` });
    });
  }

  it("outside of the application's transactions are at most one for five deliveries at load", async () => {
    const { host, ledger } = await start();
    const all = receiver.arrived(DELIVERIES);
    ledger.clear();

    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < DELIVERIES) await order(host, next++);
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    await all;
    await host.webhooks.drain();

    expect(receiver.duplicates).toBe(0);
    expect(ledger.outside / DELIVERIES).toBeLessThanOrEqual(BOUND);
  });

  it('are at most one for five deliveries in all when events are published outside of any transaction', async () => {
    const { host, ledger } = await start();
    const all = receiver.arrived(DELIVERIES);
    ledger.clear();

    const publications = Array.from({ length: DELIVERIES }, (_, n) =>
      host.webhooks.publish(OrderCreated.of(`order-${n}`), { tenant: `tenant-${n % TENANTS}` }),
    );
    await Promise.all(publications);
    await all;
    await host.webhooks.drain();

    expect(ledger.outside / DELIVERIES).toBeLessThanOrEqual(BOUND);
  });

  it('are at most one for five deliveries when a backlog is sent', async () => {
    const publisher = await stage.host({ webhooks: { dispatch: false } });
    for (let n = 0; n < TENANTS; n++)
      await stage.subscribe(publisher, { url: receiver.url(`/${n}`), tenant: `tenant-${n}` });
    await publisher.webhooks.publishMany(
      Array.from({ length: DELIVERIES }, (_, n) => ({
        event: OrderCreated.of(`order-${n}`),
        tenant: `tenant-${n % TENANTS}`,
      })),
    );
    const ledger = new LedgerOf[database.name]();
    const host = await stage.host({ onStatement: (sql) => ledger.note(sql) });
    ledger.clear();
    await host.webhooks.drain();

    expect(receiver.messages.size).toBe(DELIVERIES);
    expect(ledger.outside / DELIVERIES).toBeLessThanOrEqual(BOUND);
  });
});
