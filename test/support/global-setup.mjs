import { startPostgres, removeLeftovers } from './embedded-server.mjs';

/**
 * Gives every run its own PostgreSQL and hands its address on in WEBHOOKS_TEST_POSTGRES_URL. An address that is
 * already set there is used instead. WEBHOOKS_TEST_POSTGRES=off starts none, for unit tests in development.
 */
export default async function setup() {
  if (process.env.WEBHOOKS_TEST_POSTGRES_URL) return;
  if (process.env.WEBHOOKS_TEST_POSTGRES === 'off') {
    if (process.env.CI)
      throw new Error('WEBHOOKS_TEST_POSTGRES=off is for development: CI runs both databases.');
    return;
  }
  await removeLeftovers();
  const server = await startPostgres();
  globalThis.__webhooksPostgres = server;
  process.env.WEBHOOKS_TEST_POSTGRES_URL = server.url;
}
