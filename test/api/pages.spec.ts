import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import { TENANT, useApiStage } from './support/api-stage.js';

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly next: string | null;
}

describeDatabases('the pages of a list', (database) => {
  const stage = useApiStage(database);

  it.each(['/events', '/deliveries', '/subscriptions'])(
    'of %s repeat and skip nothing while rows arrive',
    async (path) => {
      const { host, api } = await stage.api();
      const subscribe = () =>
        api.post<{ id: string }>('/subscriptions', { url: stage.receiver.url('/hook') });
      const arrive = async () => {
        await host.webhooks.publish(OrderCreated.of('AGW-1'), { tenant: TENANT });
        await host.webhooks.drain();
        if (path === '/subscriptions') await subscribe();
      };
      await subscribe();
      for (let row = 0; row < 5; row++) await arrive();
      const there = (await api.get<Page>(`${path}?limit=250`)).body.items.map(({ id }) => id);

      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const { body }: { body: Page } = await api.get<Page>(
          `${path}?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
        );
        seen.push(...body.items.map(({ id }) => id));
        if (seen.length < 6) await arrive();
        cursor = body.next;
      } while (cursor !== null);

      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((id) => there.includes(id))).toEqual(there);
    },
  );

  it('are those of the list they came from', async () => {
    const { api } = await stage.api();
    const { id } = (await api.post<{ id: string }>('/subscriptions', { url: stage.receiver.url('/hook') }))
      .body;
    for (const path of [
      '/events',
      '/deliveries',
      '/subscriptions',
      '/jobs',
      `/subscriptions/${id}/changes`,
    ]) {
      const { status, body } = await api.get(`${path}?cursor=elsewhere`);
      expect({ path, status, body }).toMatchObject({
        status: 400,
        body: { code: 'QUERY_INVALID', path: 'cursor' },
      });
    }
  });
});
