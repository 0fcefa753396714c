import { describeDatabases } from '../support/databases.js';
import { OrderCreated } from '../support/order-events.js';
import type { ApiClient } from './support/api-client.js';
import { TENANT, useApiStage } from './support/api-stage.js';

const MINUTE_MS = 60_000;
const SCHEDULE = [1_000, 2_000];

interface EventItems {
  readonly items: readonly { readonly id: string }[];
  readonly next: string | null;
}

describeDatabases('the missed-event story', (database) => {
  const stage = useApiStage(database);

  const missed = async (api: ApiClient): Promise<string[]> => {
    const { body } = await api.get<EventItems>('/events?state=undelivered');
    return body.items.map(({ id }) => id).sort();
  };

  it('lists exactly what a subscriber has missed, recovers each exactly once, and leaves nothing to reconcile', async () => {
    const { host, api } = await stage.api({ webhooks: { dataSource: 'default', ...WEBHOOKS } });
    const { body: subscription } = await api.post<{ id: string }>('/subscriptions', {
      ...{ event_types: ['OrderCreated'], url: stage.receiver.url('/hook') },
    });
    const publish = (order: string) => host.webhooks.publish(OrderCreated.of(order), { tenant: TENANT });
    await publish('AGW-before');
    await host.webhooks.drain();
    const since = new Date(host.clock.now()).toISOString();

    stage.receiver.answer('/hook', 503);
    const ids: string[] = [];
    for (const order of ['AGW-1', 'AGW-2', 'AGW-3']) ids.push((await publish(order)).id);
    ids.sort();
    for (let step = 0; step < SCHEDULE.length + 2; step++) {
      await host.webhooks.drain();
      host.clock.advance(MINUTE_MS);
    }
    const { body: dead } = await api.get<EventItems>(
      `/deliveries?subscription=${subscription.id}&states=exhausted`,
    );
    expect(dead.items).toHaveLength(3);
    expect(await missed(api)).toEqual(ids);

    stage.receiver.answer('/hook', 204);
    const before = stage.receiver.requests.length;
    const job = await api.post<{ id: string }>(`/subscriptions/${subscription.id}/recover`, { since });
    expect(job.status).toBe(202);
    for (let step = 0; step < 3; step++) {
      await host.webhooks.drain();
      host.clock.advance(MINUTE_MS);
    }

    const again = stage.receiver.requests.slice(before).map(({ headers }) => headers['webhook-id']);
    expect(again.sort()).toEqual(ids);
    expect(await missed(api)).toEqual([]);
    expect((await api.get(`/jobs/${job.body.id}`)).body).toMatchObject({
      state: 'done',
      matched: 3,
      succeeded: 3,
    });
  });
});

const WEBHOOKS = { delivery: { retrySchedule: SCHEDULE } };
