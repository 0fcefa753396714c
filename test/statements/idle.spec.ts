import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import { withMilestones } from '../support/milestones.js';
import { OrderCanceled, OrderCreated } from '../support/order-events.js';
import type { Racer } from '../support/race.js';
import { useRace } from '../support/race.js';
import { LedgerOf } from '../support/statement-ledger.js';

const MINUTES = 10;
const A_MINUTE = 12;
const STEP_MS = 1_000;
/** The module's default. */
const SWEEP_INTERVAL_MS = 5_000;

describeDatabases('an idle process', (database) => {
  const race = useRace(database);

  /** Statements (on SQLite: transactions) a minute, over ten minutes of the process's clock. */
  async function statementsAMinute(prepare: (host: Racer, subscriptionId: string) => Promise<unknown>) {
    const ledger = new LedgerOf[database.name]();
    const host = await race.host({
      ...withMilestones({ webhooks: { delivery: { sweepInterval: SWEEP_INTERVAL_MS } } }),
      onStatement: (sql) => ledger.note(sql),
    });
    const { id } = await race.stage.subscribe(host, { url: race.receiver.url() });
    await prepare(host, id);
    await host.webhooks.drain();
    ledger.clear();
    const before = host.clock.monotonic();
    while (host.clock.monotonic() < before + MINUTES * 60_000) {
      host.clock.advance(STEP_MS);
      await new Promise(setImmediate);
      await host.tap.idle();
    }
    return (ledger.inside + ledger.outside) / ((host.clock.monotonic() - before) / 60_000);
  }

  it('looks at most 12 times a minute at an empty database', async () => {
    const statements = await statementsAMinute(() => Promise.resolve());
    expect(statements).toBeGreaterThan(A_MINUTE / 2);
    expect(statements).toBeLessThanOrEqual(A_MINUTE);
  });

  it('looks no more often while 10,000 deliveries fall due on another day', async () => {
    const statements = await statementsAMinute((host, id) =>
      insertBacklog(host, { count: 10_000, subscriptionIds: [id], dueIn: '86400000 + n', openEvents: true }),
    );
    expect(statements).toBeLessThanOrEqual(A_MINUTE);
  });

  it('looks no more often while schedules are due that it has no builder for, and others that it has are not', async () => {
    const statements = await statementsAMinute(async ({ webhooks, clock }) => {
      await webhooks.schedule(OrderCreated, { key: 'ours', at: new Date(clock.now() + 86_400_000) });
      await webhooks.schedule(OrderCanceled, { key: 'theirs', at: new Date(0) });
    });
    expect(statements).toBeLessThanOrEqual(A_MINUTE);
  });

  it('looks no more often while an operator has stopped 10,000 due ones', async () => {
    const statements = await statementsAMinute(async (host, id) => {
      await host.webhooks.stopDeliveries();
      await insertBacklog(host, { count: 10_000, subscriptionIds: [id], dueIn: '-n' });
    });
    expect(statements).toBeLessThanOrEqual(A_MINUTE);
  });

  it('looks no more often while 10,000 due ones are of a subscription that is stopped', async () => {
    const statements = await statementsAMinute(async (host, id) => {
      await host.webhooks.stopDeliveries({ subscription: id });
      await insertBacklog(host, { count: 10_000, subscriptionIds: [id], dueIn: '-n' });
    });
    expect(statements).toBeLessThanOrEqual(A_MINUTE);
  });
});
