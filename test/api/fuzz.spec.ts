import fc from 'fast-check';
import { SEED } from '../../apps/booking/src/database/seed.js';
import { BookingHost } from '../support/booking-host.js';
import { describeDatabases } from '../support/databases.js';
import { FAMILY } from '../support/trips.js';
import { ApiClient, type Sent } from './support/api-client.js';
import { useApiStage } from './support/api-stage.js';
import { Contract, type ApiDocument } from './support/contract.js';
import { requestsOf } from './support/odd-requests.js';

const RUNS = 12;
const CHANCE = 20_260_418;

/** Asks every operation oddly, by the document; the client judges each answer, and none is that of a broken application. */
async function askOddly(api: ApiClient, ids: readonly string[], caller: Sent = {}): Promise<void> {
  const { routes, document } = api.contract!;
  let asked = 0;
  for (const route of routes.filter(({ operation }) => operation.operationId !== 'getOpenApi')) {
    const requests = requestsOf(route, ids, document.components.schemas);
    await fc.assert(
      fc.asyncProperty(requests, async ([path, sent]) => {
        // A path that is "." or ".." belongs to another route.
        if (/\/(\.|%2E)+[/?]/i.test(path)) return;
        const { status } = await api.send(route.method, path, { ...sent, ...caller });
        expect(status).toBeLessThan(500);
        asked++;
      }),
      { numRuns: RUNS, seed: CHANCE, endOnFailure: true },
    );
  }
  expect(asked).toBeGreaterThan(routes.length * (RUNS - 4));
}

/** Ids of a subscription, of a delivery to it and of its event. */
async function idsOf(api: ApiClient, caller: Sent = {}): Promise<string[]> {
  const { body } = await api.post<{ id: string }>(
    '/subscriptions',
    { url: 'https://partner.example/' },
    caller,
  );
  const { body: test } = await api.post<{ delivery_id: string; event_id: string }>(
    `/subscriptions/${body.id}/test`,
    {},
    caller,
  );
  return [body.id, test.delivery_id, test.event_id];
}

describeDatabases('any request', (database) => {
  const stage = useApiStage(database);

  it('gets a documented answer, and never one of a broken application', async () => {
    const { host, api } = await stage.api({
      webhooks: { dataSource: 'default', limits: { previewsPerMinute: 10_000, testsPerMinute: 10_000 } },
    });
    await askOddly(api, await idsOf(api));
    expect(host.logger.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('gets one of the sample application, too', async () => {
    const caller: Sent = { token: null, headers: { 'x-consumer-id': SEED.consumer.id } };
    const booking = await BookingHost.start(await database.fresh());
    try {
      const api = new ApiClient(booking.url, '');
      const { body } = await api.get<ApiDocument>('/openapi.json', caller);
      api.contract = new Contract(body);
      const ids = await idsOf(api, caller);
      await booking.ok('POST', '/orders', FAMILY);
      await askOddly(api, ids, caller);
    } finally {
      await booking.close();
    }
  });
});
