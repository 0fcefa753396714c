import type { Host } from './host.js';

/** Rows that are there before a test begins. */
export interface BulkRows {
  readonly count: number;
  readonly subscriptionIds: readonly string[];
  /** Milliseconds from now at which they fall due; row `n` of them: an SQL expression. */
  readonly dueIn: string;
  /** SQL expression of `n`. @default 0 */
  readonly priority?: string;
  /** SQL expression of `n`. @default order data of some 60 characters */
  readonly data?: string;
  /** Whether the events are still to be fanned out, too. @default false */
  readonly openEvents?: boolean;
}

const DATA = `'{"order_id":"O-' || n || '","total":1,"pnr":null}'`;

/** Writes events, each with one open delivery: the rows of a backlog, without going through the module. */
export async function insertBacklog(host: Host, rows: BulkRows): Promise<void> {
  const isPostgres = host.dataSource.options.type === 'postgres';
  const { count, subscriptionIds, dueIn, priority = '0', data = DATA } = rows;
  const now = isPostgres
    ? '(extract(epoch from now()) * 1000)::bigint'
    : `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;
  const numbers = isPostgres
    ? `generate_series(1, ${count}) AS s(n)`
    : `(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${count}) SELECT n FROM s)`;
  const id = isPostgres ? `lpad(n::text, 20, '0')` : `printf('%020d', n)`;
  const subscription = `CASE n % ${subscriptionIds.length} ${subscriptionIds.map((each, n) => `WHEN ${n} THEN '${each}'`).join(' ')} END`;
  const eventDue = rows.openEvents ? `${now} + (${dueIn})` : 'NULL';
  await host.webhooks.transaction(async (manager) => {
    await manager.query(`INSERT INTO webhooks_events
      (id, tenant, type, data, catalog_version, occurred_at, created_at, due_at, fence)
      SELECT 'evt_' || ${id}, 'default', 'OrderCreated', ${data}, 1, ${now}, ${now}, ${eventDue}, 0 FROM ${numbers}`);
    await manager.query(`INSERT INTO webhooks_deliveries
      (id, event_id, subscription_id, tenant, state, priority, attempts, step, created_at, updated_at, expires_at, due_at, fence)
      SELECT 'dlv_' || ${id}, 'evt_' || ${id}, ${subscription}, 'default', 'pending', ${priority}, 0, 0,
        ${now}, ${now}, ${now} + 432000000, ${now} + (${dueIn}), 0 FROM ${numbers}`);
  });
  await host.dataSource.query('ANALYZE');
}
