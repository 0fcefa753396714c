import { insertBacklog } from '../support/bulk-rows.js';
import { describeDatabases } from '../support/databases.js';
import { partOf } from '../support/internals.js';
import type { Sent } from '../support/query-plans.js';
import { explain } from '../support/query-plans.js';
import { useStage } from '../support/stage.js';

const WAITING = 20_000;
const SUBSCRIPTIONS = ['sub_0', 'sub_1', 'sub_2'];
const SUBJECTS = [{ tenant: 'default', subject: 'order:A' }];
/** Of each line its first, what is looked at to find the line, and the events of both. */
const ROWS_PER_LINE = 10;

interface Statements {
  settle(input: object): Sent[];
}

describeDatabases('with thousands that wait in one subject', (database) => {
  const stage = useStage(database);

  it('the next one is found without a look at those behind it', async () => {
    const host = await stage.host({ webhooks: { dispatch: false } });
    await insertBacklog(host, { count: WAITING, subscriptionIds: SUBSCRIPTIONS, dueIn: '0' });
    const sequence = 'CAST(substr(event_id, 5) AS bigint)';
    await host.dataSource.query(`UPDATE webhooks_deliveries
      SET state = 'waiting', due_at = NULL, subject = 'order:A', sequence = ${sequence}`);
    await host.dataSource.query(`UPDATE webhooks_events
      SET subject = 'order:A', sequence = CAST(substr(id, 5) AS bigint)`);
    await host.dataSource.query(database.name === 'postgres' ? 'VACUUM ANALYZE' : 'ANALYZE');

    const { statements } = partOf<{ statements: Statements }>(host, 'DeliveryStore');
    const none = { offset: 0, updates: [], inserts: [], attempts: [], closings: [], health: [] };
    const release = statements
      .settle({ ...none, subjects: SUBJECTS })
      .find(({ sql }) => sql.includes(`'released'`))!;
    const plan = await explain(host, release);

    expect(plan.ways).not.toContain('SCAN');
    expect(plan.rows).toBeLessThanOrEqual(SUBSCRIPTIONS.length * ROWS_PER_LINE);
    expect(await host.count('deliveries', `state = 'pending'`)).toBe(SUBSCRIPTIONS.length);
    expect(await host.count('deliveries', `state = 'pending' AND sequence <= 3`)).toBe(3);
  });
});
