export default async function teardown() {
  const server = globalThis.__webhooksPostgres;
  if (!server) return;
  delete globalThis.__webhooksPostgres;
  delete process.env.WEBHOOKS_TEST_POSTGRES_URL;
  await server.stop();
}
