const GRACE_MS = 3_000;

/** Stops this run's PostgreSQL servers, and fails the run if a test left something open that keeps the process alive. */
export default async function teardown({ watch, watchAll } = {}) {
  const servers = globalThis.__webhooksPostgres;
  if (servers) {
    delete globalThis.__webhooksPostgres;
    delete process.env.WEBHOOKS_TEST_POSTGRES_URL;
    for (const server of servers) await server.stop();
  }
  if (!watch && !watchAll) failIfStillAlive();
}

function failIfStillAlive() {
  const timer = setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(', ');
    console.error(`The tests left something open: ${open}. Look for it with --detectOpenHandles.`);
    process.exit(1);
  }, GRACE_MS);
  // It fires only if something else keeps the process alive.
  timer.unref();
}
