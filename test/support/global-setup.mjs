import { startPostgres, removeLeftovers } from './embedded-server.mjs';

/**
 * Gives every run its own PostgreSQL servers, one for each worker: a transaction that is open in one database holds up
 * cursors that must not skip in all databases of its server. Their addresses go into WEBHOOKS_TEST_POSTGRES_URL, with
 * blanks between them; one that is already set there is used instead. WEBHOOKS_TEST_POSTGRES=off starts none, for unit
 * tests in development.
 */
export default async function setup({ maxWorkers = 1 } = {}) {
  if (process.env.WEBHOOKS_TEST_POSTGRES_URL) return;
  if (process.env.WEBHOOKS_TEST_POSTGRES === 'off') {
    if (process.env.CI)
      throw new Error('WEBHOOKS_TEST_POSTGRES=off is for development: CI runs both databases.');
    return;
  }
  await removeLeftovers();
  const servers = [];
  globalThis.__webhooksPostgres = servers;
  for (let worker = 0; worker < maxWorkers; worker++) servers.push(await startPostgres());
  process.env.WEBHOOKS_TEST_POSTGRES_URL = servers.map(({ url }) => url).join(' ');
}
