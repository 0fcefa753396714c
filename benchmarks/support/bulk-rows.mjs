/** Rows of a backlog, without going through the module: a million of them take a database some seconds. */

const DATA = `'{"agw_id":"AGW-' || n || '"}'`;

function dialectOf(dataSource) {
  if (dataSource.options.type === 'postgres') {
    return {
      now: '(extract(epoch from now()) * 1000)::bigint',
      numbers: (count) => `generate_series(1, ${count}) AS s(n)`,
      padded: `lpad(n::text, 20, '0')`,
    };
  }
  return {
    now: `CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
    numbers: (count) =>
      `(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${count}) SELECT n FROM s)`,
    padded: `printf('%020d', n)`,
  };
}

/**
 * Writes so many events, each with one delivery that has been due for a while and waits for its first attempt.
 * @param subscriptionIds served in turn
 */
export async function insertBacklog(dataSource, { count, subscriptionIds, tenant = 'default', data = DATA }) {
  const { now, numbers, padded } = dialectOf(dataSource);
  const cases = subscriptionIds.map((id, at) => `WHEN ${at} THEN '${id}'`);
  const subscription = `CASE n % ${subscriptionIds.length} ${cases.join(' ')} END`;
  await dataSource.query(`INSERT INTO webhooks_events
    (id, tenant, type, data, catalog_version, occurred_at, created_at, due_at, fence)
    SELECT 'evt_' || ${padded}, '${tenant}', 'OrderTicketed', ${data}, 1, ${now}, ${now}, NULL, 0
    FROM ${numbers(count)}`);
  await dataSource.query(`INSERT INTO webhooks_deliveries
    (id, event_id, subscription_id, tenant, state, priority, attempts, step, created_at, updated_at, expires_at, due_at, fence)
    SELECT 'dlv_' || ${padded}, 'evt_' || ${padded}, ${subscription}, '${tenant}', 'pending', 0, 0, 0,
      ${now}, ${now}, ${now} + 432000000, ${now} - ${count} + n, 0 FROM ${numbers(count)}`);
  await dataSource.query('ANALYZE');
}
